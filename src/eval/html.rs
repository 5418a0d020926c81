//! One self-contained page: no scripts, nothing loaded from elsewhere, fit for print and for a screen reader.

use super::plot::Svg;

/// Kept apart from the text so that it can be read as what it is.
const STYLE: &str = "\
:root{color-scheme:light}\
body{margin:0 auto;padding:1.5rem;max-width:62rem;background:#fff;color:#1a1a1a;\
font:1rem/1.5 system-ui,'DejaVu Sans',sans-serif}\
h1{font-size:1.7rem;line-height:1.25;margin:0 0 1rem}\
h2{font-size:1.25rem;margin:2.2rem 0 .6rem;border-bottom:2px solid #1a1a1a}\
h3{font-size:1.05rem;margin:1.4rem 0 .4rem}\
p,ul{max-width:46rem}\
.notice{border:2px solid #8c1d18;border-left-width:.6rem;padding:.5rem .8rem;font-weight:600}\
.wide{overflow-x:auto;margin:1rem 0;padding-right:1px}\
.wide:focus-visible{outline:3px solid #1b4f9c}\
table{border-collapse:collapse;font-size:.875rem}\
caption{text-align:left;font-weight:600;padding:0 0 .4rem;font-size:.95rem}\
th,td{border:1px solid #767676;padding:.3rem .55rem;text-align:left;vertical-align:top;\
font-variant-numeric:tabular-nums}\
thead th{background:#ececec}\
tbody th{font-weight:600;background:#f7f7f7;overflow-wrap:anywhere;min-width:6rem}\
td.lines{white-space:nowrap}\
figure{margin:1rem 0}\
svg{display:block;max-width:100%;height:auto}\
@media print{@page{margin:14mm}body{padding:0;max-width:none;font-size:9.5pt}\
h2,h3{break-after:avoid}tr,figure,.notice,.wide{break-inside:avoid}thead{display:table-header-group}\
.wide{overflow:visible}table{font-size:7pt}caption{font-size:8.5pt}th,td{padding:.1rem .25rem}tbody th{min-width:4rem}\
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}";

/// A page being written, in English. All text is escaped.
#[derive(Clone, Debug)]
pub struct Page {
    title: String,
    body: String,
    figures: usize,
}

impl Page {
    /// A page with `title` as its only heading of the first level.
    #[must_use]
    pub fn new(title: &str) -> Self {
        let title = escape(title);
        let body = format!("<h1>{title}</h1>\n");
        Self { title, body, figures: 0 }
    }

    /// A heading of the second level.
    #[must_use]
    pub fn heading(self, text: &str) -> Self {
        self.element("h2", text)
    }

    /// A heading of the third level.
    #[must_use]
    pub fn subheading(self, text: &str) -> Self {
        self.element("h3", text)
    }

    /// A paragraph.
    #[must_use]
    pub fn paragraph(self, text: &str) -> Self {
        self.element("p", text)
    }

    /// A paragraph in a frame.
    #[must_use]
    pub fn notice(mut self, text: &str) -> Self {
        self.add(format!("<p class=\"notice\">{}</p>\n", lines(text)));
        self
    }

    /// A list of points. Nothing if there are none.
    #[must_use]
    pub fn list<T: AsRef<str>>(mut self, items: &[T]) -> Self {
        if !items.is_empty() {
            let items: String = items.iter().map(|item| wrapped("li", item.as_ref()) + "\n").collect();
            self.add(format!("<ul>\n{items}</ul>\n"));
        }
        self
    }

    /// A table: `header` names the columns (may be empty), the first cell of each row names the row. A line feed in a
    /// cell starts a new line.
    #[must_use]
    pub fn table<T: AsRef<str>>(mut self, caption: &str, header: &[&str], rows: &[Vec<T>]) -> Self {
        let head: Vec<String> = header.iter().map(|name| format!("<th scope=\"col\">{}</th>", lines(name))).collect();
        let head = head.concat();
        let head = if head.is_empty() { head } else { format!("<thead><tr>{head}</tr></thead>\n") };
        let row = |cells: &Vec<T>| {
            let cell = |(at, text): (usize, &T)| match (at, lines(text.as_ref())) {
                (0, text) => format!("<th scope=\"row\">{text}</th>"),
                // what has lines of its own is not to be broken elsewhere
                (_, text) if text.contains("<br>") => format!("<td class=\"lines\">{text}</td>"),
                (_, text) => format!("<td>{text}</td>"),
            };
            ["<tr>".to_owned(), cells.iter().enumerate().map(cell).collect(), "</tr>\n".to_owned()].concat()
        };
        let rows = rows.iter().map(row).collect::<Vec<_>>().concat();
        let caption = escape(caption);
        // it can be scrolled sideways, so the keyboard must reach it
        self.add(format!(
            "<div class=\"wide\" role=\"region\" aria-label=\"{caption}\" tabindex=\"0\">\n<table>\
             <caption>{caption}</caption>\n{head}<tbody>\n{rows}</tbody></table></div>\n"
        ));
        self
    }

    /// A drawing.
    #[must_use]
    pub fn svg(mut self, svg: &Svg) -> Self {
        self.figures += 1;
        let drawing = svg.render(&format!("figure{}", self.figures));
        self.add(format!("<figure>\n{drawing}\n</figure>\n"));
        self
    }

    /// The page as text, UTF-8.
    #[must_use]
    pub fn finish(self) -> String {
        let Self { title, body, .. } = self;
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
        )
    }

    fn add(&mut self, text: impl AsRef<str>) {
        self.body.push_str(text.as_ref());
    }

    fn element(mut self, name: &str, text: &str) -> Self {
        self.add(wrapped(name, text) + "\n");
        self
    }
}

/// Text for an element or a quoted attribute. Control characters, and those that turn the direction of text, become
/// the replacement character.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' => escaped.push(char),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => escaped.push('\u{fffd}'),
            other if other.is_control() => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Text in an element.
fn wrapped(element: &str, text: &str) -> String {
    format!("<{element}>{}</{element}>", lines(text))
}

/// Escaped, a line feed as a new line.
fn lines(text: &str) -> String {
    escape(text).replace('\n', "<br>")
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// What every page must keep: no scripts, nothing from elsewhere, every element closed, every id once.
    pub(in super::super) fn sound(page: &str) {
        for forbidden in ["<script", "://", "NaN", "javascript", "<img", "<link", "@import", "url("] {
            assert!(!page.contains(forbidden), "{forbidden} in {page}");
        }
        assert!(page.contains("<html lang=\"en\">"));
        let mut open: Vec<&str> = Vec::new();
        for tag in page.split('<').skip(1).map(|rest| rest.split('>').next().unwrap()) {
            let name = tag.split([' ', '\n']).next().unwrap();
            if let Some(closed) = name.strip_prefix('/') {
                assert_eq!(open.pop(), Some(closed));
            } else if !tag.ends_with('/') && !["!DOCTYPE", "meta", "br"].contains(&name) {
                open.push(name);
            }
        }
        assert!(open.is_empty(), "{open:?} not closed");
        let ids: Vec<&str> = page.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert!(ids.iter().all(|id| ids.iter().filter(|other| *other == id).count() == 1));
        assert_eq!(page.matches("<table>").count(), page.matches("<caption>").count());
        assert_eq!(page.matches("<svg ").count(), page.matches("role=\"img\"").count());
    }

    #[test]
    fn text_is_text() {
        let bad = "<script>alert('1')</script> & \"x\" \u{0}\u{202e}";
        let page = Page::new(bad)
            .heading(bad)
            .subheading(bad)
            .paragraph(bad)
            .notice(bad)
            .list(&[bad])
            .table(bad, &[bad], &[vec![bad, "a\nb"]])
            .finish();
        sound(&page);
        assert!(page.contains("&lt;script&gt;alert(&#39;1&#39;)") && page.contains("a<br>b"));
        assert!(!page.contains('\u{0}') && !page.contains('\u{202e}'));
    }

    #[test]
    fn tables_name_rows_and_columns() {
        let page = Page::new("t").table("c", &["a", "b"], &[vec!["1", "2"]]).finish();
        assert!(page.contains("<th scope=\"col\">a</th>") && page.contains("<th scope=\"row\">1</th><td>2</td>"));
        assert!(!Page::new("t").table("c", &[], &[vec!["1"]]).finish().contains("<thead>"));
        assert!(!Page::new("t").list::<&str>(&[]).finish().contains("<ul>"));
    }
}
