"""What all tests share: how Hypothesis searches."""

import os

from hypothesis import settings

# The machine's noise is no property of the code, and what fails in CI must fail again on a desk.
settings.register_profile("pincite", deadline=None, derandomize=os.environ.get("CI") == "true", print_blob=True)
settings.load_profile("pincite")
