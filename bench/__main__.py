"""python -m bench [--quick] [--rounds N] [--reuse] [--only pages|papers|assignments]"""

from bench.run import main

main()
