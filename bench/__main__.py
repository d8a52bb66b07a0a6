"""python -m bench [--quick] [--rounds N] [--reuse] [--only pages|papers]"""

from bench.run import main

main()
