"""The oracle of jsonlog: what each line means and what a log answers, in plain Python."""
