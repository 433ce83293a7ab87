"""nbgrader's settings for the course folder that `make classroom` writes to build/nbgrader."""

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "vae"
c.IncludeHeaderFooter.header = ""
# The assignment is made of student copies, which hold no solution: nbgrader has nothing to clear.
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearOutput",
]
# A notebook that trains needs longer than nbgrader's 30 seconds a cell.
c.Execute.timeout = 600
