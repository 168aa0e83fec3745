-- What the lists behind Home's figures are read by, page by page.

-- Who bought on which days.
CREATE INDEX member_visit_of_day ON member_visit (day, store, home, member);

-- Who joined when; an import may enrol many at one instant.
CREATE INDEX member_joined ON member (enrolled_at, id);
DROP INDEX member_enrolled;
CREATE INDEX member_of_tag ON member (tag, enrolled_at, id) WHERE tag <> '';

-- Which points moved on which day, by the kind of what moved them.
CREATE INDEX posting_of_kind ON posting (kind, effective_at, id);
