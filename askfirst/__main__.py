"""`python -m askfirst`."""

import sys

from askfirst.cli import main

sys.exit(main())
