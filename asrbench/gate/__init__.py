"""The gate: two revisions of a project run in turns; a verdict says whether the new is slower."""
