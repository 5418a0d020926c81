//! Which column holds what, told by the header, in Chinese and English, in any order.

use super::{
    fields::{half_width, refused},
    table::{Cell, HEAD_ROWS, Row},
};

/// What a column can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// The number of the identity document; every row needs it.
    Number,
    /// The name; every row needs it.
    Name,
    /// What a scanner or a card reader types.
    Code,
    /// First day.
    From,
    /// Last day.
    Until,
    /// Room, unit or remark.
    Note,
}

impl Field {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Number, Self::Name, Self::Code, Self::From, Self::Until, Self::Note];

    /// The headers it is known by: small letters, without white space, punctuation and brackets.
    fn headers(self) -> &'static str {
        match self {
            Self::Number => {
                "身份证 身份证号 身份证号码 居民身份证号 居民身份证号码 公民身份号码 证件号 证件号码 \
                 身份證 身份證號 身份證號碼 居民身份證號碼 公民身份號碼 證件號 證件號碼 身分證 身分證號 身分證字號 身分證號碼 \
                 number id idnumber idno idcard idcardnumber idcardno documentnumber"
            }
            Self::Name => "姓名 名字 中文姓名 name fullname",
            Self::Code => {
                "门禁卡 门禁卡号 门禁号 门卡号 卡号 ic卡号 工牌号 胸卡号 条码 条形码 二维码 预约码 \
                 門禁卡 門禁卡號 門禁號 門卡號 卡號 ic卡號 工牌號 條碼 條形碼 二維碼 預約碼 \
                 badge badgenumber badgeno code barcode qrcode card cardnumber cardno"
            }
            Self::From => {
                "有效期起 有效期自 有效期开始 有效期開始 起 生效日期 开始日期 開始日期 起始日期 from validfrom start startdate"
            }
            // A bare "validity" is a last day: read as nothing, it would let people in for ever.
            Self::Until => {
                "有效期止 有效期至 有效期到 有效期结束 有效期結束 有效期 止 失效日期 截止日期 结束日期 結束日期 到期日 到期日期 \
                 until to validuntil validto end enddate expires expiry expirydate"
            }
            Self::Note => {
                "备注 備註 备考 房号 房號 房间号 房間號 室号 室號 单元 單元 单元号 單元號 \
                 note notes remark remarks comment room roomno roomnumber unit"
            }
        }
    }

    /// The field a header names.
    fn named(header: &str) -> Option<Self> {
        let header = half_width(header);
        let bare = header.split(['(', '[', '【', '<']).next().unwrap_or_default().to_lowercase();
        let bare: String = bare.chars().filter(|c| c.is_alphanumeric()).collect();
        Self::ALL.into_iter().find(|field| field.headers().split_whitespace().any(|known| known == bare))
    }
}

impl std::fmt::Display for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Number => "the number",
            Self::Name => "the name",
            Self::Code => "the code",
            Self::From => "the first day",
            Self::Until => "the last day",
            Self::Note => "the note",
        })
    }
}

/// A column with a header that names no field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IgnoredColumn {
    /// Which one, from 1.
    pub column: u16,
    /// Its header: up to 40 characters, fit to show.
    pub title: String,
}

/// The columns cannot be told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ColumnsError {
    /// No column for a field that every row needs.
    #[error("no column for {field}; found: {}", if found.is_empty() { "no header".to_owned() } else { found.join(", ") })]
    Missing {
        /// Which field.
        field: Field,
        /// The headers there are; none if no row looks like a header.
        found: Vec<String>,
    },
    /// Two columns for one field.
    #[error("columns {} and {} both hold {field}", super::problem::letters(*first), super::problem::letters(*second))]
    Twice {
        /// Which field.
        field: Field,
        /// A column, from 1.
        first: u16,
        /// The other, from 1.
        second: u16,
    },
}

/// Where the fields are.
pub struct Columns {
    /// How many rows to skip, the header among them.
    pub skip: usize,
    /// The fields found and their columns, from 1.
    pub found: Vec<(Field, u16)>,
    /// Columns with a header that names no field.
    pub ignored: Vec<IgnoredColumn>,
}

/// Finds the header: of the first [`HEAD_ROWS`] rows the one that names most fields.
///
/// # Errors
/// A field that every row needs has no column, or a field has two.
pub fn find(rows: &[Row]) -> Result<Columns, ColumnsError> {
    let named = |row: &Row| headers(row).filter(|(_, header)| Field::named(header).is_some()).count();
    let counts = rows.iter().take(HEAD_ROWS).map(named).enumerate().rev();
    let best = counts.max_by_key(|(_, count)| *count).filter(|(_, count)| *count > 0);
    let Some((index, _)) = best else {
        // What is there may be people: it is not named.
        return Err(ColumnsError::Missing { field: Field::Number, found: Vec::new() });
    };
    let mut columns = Columns { skip: index + 1, found: Vec::new(), ignored: Vec::new() };
    for (column, header) in headers(&rows[index]) {
        match Field::named(header) {
            None => columns.ignored.push(IgnoredColumn { column, title: title(header) }),
            Some(field) => match columns.found.iter().find(|(known, _)| *known == field) {
                Some((_, first)) => return Err(ColumnsError::Twice { field, first: *first, second: column }),
                None => columns.found.push((field, column)),
            },
        }
    }
    for field in [Field::Number, Field::Name] {
        if columns.found.iter().all(|(known, _)| *known != field) {
            let found = headers(&rows[index]).map(|(_, header)| title(header)).collect();
            return Err(ColumnsError::Missing { field, found });
        }
    }
    Ok(columns)
}

fn headers(row: &Row) -> impl Iterator<Item = (u16, &str)> {
    (1_u16..).zip(0..row.columns()).filter_map(|(column, index)| match row.cell(index) {
        Cell::Text(text) => Some((column, text)),
        _ => None,
    })
}

/// A header fit to show. One with many digits may be a person's number: it is not shown.
fn title(header: &str) -> String {
    if header.chars().filter(|c| c.is_numeric()).count() >= 6 {
        return "…".to_owned();
    }
    header.chars().map(|c| if refused(c) { ' ' } else { c }).take(40).collect()
}
