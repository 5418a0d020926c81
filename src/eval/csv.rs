//! Comma-separated text, as RFC 4180 has it: quoted fields, doubled quotes, line ends of either kind.

/// One row and the line it starts on, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Line of its first character.
    pub line: usize,
    /// Its fields; not trimmed.
    pub fields: Vec<String>,
}

/// A quote that is not closed, or text beside a quoted field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadQuote {
    /// Line of the row it is in.
    pub line: usize,
}

/// The rows of `text`. Empty lines are left out, and a byte order mark at the start.
///
/// # Errors
///
/// [`BadQuote`] where the quotes do not fit.
pub fn rows(text: &str) -> Result<Vec<Row>, BadQuote> {
    let mut chars = text.strip_prefix('\u{feff}').unwrap_or(text).chars().peekable();
    let mut rows = Vec::new();
    let mut line = 1;
    while chars.peek().is_some() {
        let mut row = Row { line, fields: Vec::new() };
        loop {
            let mut field = String::new();
            if chars.next_if_eq(&'"').is_some() {
                loop {
                    match chars.next() {
                        Some('"') if chars.next_if_eq(&'"').is_some() => field.push('"'),
                        Some('"') => break,
                        Some(other) => {
                            line += usize::from(other == '\n');
                            field.push(other);
                        }
                        None => return Err(BadQuote { line: row.line }),
                    }
                }
            } else {
                while let Some(other) = chars.next_if(|next| !matches!(next, ',' | '\r' | '\n')) {
                    if other == '"' {
                        return Err(BadQuote { line: row.line });
                    }
                    field.push(other);
                }
            }
            row.fields.push(field);
            if chars.next_if_eq(&',').is_some() {
                continue;
            }
            let carriage = chars.next_if_eq(&'\r').is_some();
            let feed = chars.next_if_eq(&'\n').is_some();
            if !carriage && !feed && chars.peek().is_some() {
                return Err(BadQuote { line: row.line });
            }
            line += 1;
            break;
        }
        if row.fields.iter().any(|field| !field.is_empty()) || row.fields.len() > 1 {
            rows.push(row);
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn quotes_and_line_ends() {
        let rows = rows("\u{feff}a,b\r\n\r\n\"x, \"\"y\"\"\n2\",z\nlast,").unwrap();
        let plain: Vec<(usize, Vec<&str>)> =
            rows.iter().map(|row| (row.line, row.fields.iter().map(String::as_str).collect())).collect();
        assert_eq!(plain, [(1, vec!["a", "b"]), (3, vec!["x, \"y\"\n2", "z"]), (5, vec!["last", ""])]);
    }

    #[test]
    fn bad_quotes_name_their_line() {
        assert_eq!(rows("a\n\"b"), Err(BadQuote { line: 2 }));
        assert_eq!(rows("a\nb\n\"c\"d"), Err(BadQuote { line: 3 }));
        assert_eq!(rows("a\"b"), Err(BadQuote { line: 1 }));
        assert_eq!(rows(""), Ok(Vec::new()));
    }

    proptest! {
        #[test]
        fn what_is_quoted_comes_back(fields in proptest::collection::vec("[a,\"\n\r x]{0,6}", 2..5)) {
            let text = fields.iter().map(|field| format!("\"{}\"", field.replace('"', "\"\""))).collect::<Vec<_>>();
            let read = rows(&text.join(",")).unwrap();
            prop_assert_eq!(&read[0].fields, &fields);
        }

        #[test]
        fn any_text_ends(text in "[a,\"\n\r]{0,40}") {
            let _ = rows(&text);
        }
    }
}
