"""python -m bench [--quick] [--rounds N] [--reuse]"""

from bench.run import main

main()
