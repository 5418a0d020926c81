-- With each person it is asked whose templates are due, also by a notice that promises less time.
CREATE INDEX templates_created ON templates (created_ms);
