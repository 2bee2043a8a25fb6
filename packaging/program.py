"""The frozen program's first module: the same door as `python -m medviewer`."""

import sys

from medviewer.__main__ import main

sys.exit(main())
