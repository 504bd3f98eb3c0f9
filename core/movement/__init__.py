"""Why a row moved in a step: its change taken apart into what the optimizer and others did."""
