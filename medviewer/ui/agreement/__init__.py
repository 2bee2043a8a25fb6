"""The agreement page: how far readers and models agree, with every disagreement one click away (`page`)."""
