"""nbgrader's settings for the course folder that `make classroom` writes to build/nbgrader."""

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "vae"
c.IncludeHeaderFooter.header = ""
# The dots above stay; what stood between the marks becomes this line.
c.ClearSolutions.code_stub = {
    "python": "# Put your answer in place of the dots; the next cell checks it."
}
# A notebook that trains needs longer than nbgrader's 30 seconds a cell.
c.Execute.timeout = 600
