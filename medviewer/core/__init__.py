"""Values and numbers: what a study, a plane, a window, a job, a child process is. Standard library and numpy only."""
