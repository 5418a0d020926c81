//! Pages as one file that reads well on any screen and prints well: no script, nothing fetched.

use std::fmt::Write;

use crate::ports::{Line, Paper};

const STYLE: &str = "body{font:16px/1.6 sans-serif;max-width:46em;margin:2em auto;padding:0 1em;color:#111}\
h1{font-size:1.6em;border-bottom:2px solid #111;padding-bottom:.3em}h2{font-size:1.2em;margin:1.6em 0 .3em}\
table{border-collapse:collapse;width:100%}td{border:1px solid #999;padding:.3em .6em;vertical-align:top;overflow-wrap:anywhere}\
td:first-child{width:30%;background:#f2f2f2}p{margin:.4em 0;white-space:pre-line}section{break-after:page}section:last-child{break-after:auto}\
@media print{body{margin:0;max-width:none;font-size:11pt}h2{break-after:avoid}tr{break-inside:avoid}}";

/// One or several pages as HTML.
#[must_use]
pub fn html(papers: &[&Paper]) -> String {
    let lang = papers.first().map_or("zh-CN", |paper| paper.lang.as_str());
    let title = papers.first().map_or("", |paper| paper.title.as_str());
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{lang}\"><head><meta charset=\"utf-8\"><title>{}</title><style>{STYLE}</style></head><body>\n",
        safe(title)
    );
    for paper in papers {
        section(&mut out, paper);
    }
    out.push_str("</body></html>\n");
    out
}

fn section(out: &mut String, paper: &Paper) {
    // Writing to a String cannot fail.
    let _ = writeln!(out, "<section><h1>{}</h1>", safe(&paper.title));
    let mut table = false;
    for line in &paper.lines {
        let row = matches!(line, Line::Row(..));
        if row != table {
            out.push_str(if row { "<table>\n" } else { "</table>\n" });
            table = row;
        }
        let _ = match line {
            Line::Heading(text) => writeln!(out, "<h2>{}</h2>", safe(text)),
            Line::Text(text) => writeln!(out, "<p>{}</p>", safe(text)),
            Line::Row(name, value) => writeln!(out, "<tr><td>{}</td><td>{}</td></tr>", safe(name), safe(value)),
        };
    }
    if table {
        out.push_str("</table>\n");
    }
    out.push_str("</section>\n");
}

/// A text that cannot become markup.
fn safe(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_typed_stays_text() {
        let mut paper = Paper::new("<script>".into(), "en");
        paper.row("a & b".into(), "\"><img src=x>".into()).text("'".into());
        let page = html(&[&paper, &paper]);
        assert!(!page.contains("<script") && !page.contains("<img") && page.contains("a &amp; b"), "{page}");
        assert_eq!(page.matches("<table>").count(), page.matches("</table>").count());
        assert_eq!(page.matches("<section>").count(), 2);
    }
}
