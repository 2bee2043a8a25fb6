"""The model process: torch and captum live here and nowhere else; nobody imports it."""

import os

# before torch loads OpenMP: threads that wait by spinning take the processor from the window and from each other
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
