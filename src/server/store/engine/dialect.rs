//! How PostgreSQL is told what SQLite reads. Statements are written once, in words that both know; these few differ:
//!
//! | SQLite | PostgreSQL | why it is written |
//! |---|---|---|
//! | `?1` | `$1` | a value by its number |
//! | `json_each(…)` | `jsonb_array_elements_text(CAST(… AS jsonb))` | a list of texts as one value |
//! | `CROSS JOIN … ON` | `JOIN … ON` | SQLite takes the tables in this order |
//! | `INDEXED BY name` | | SQLite takes this index; PostgreSQL chooses by what it counted |

/// A statement of ours in PostgreSQL's words.
pub fn postgres(sql: &str) -> String {
    let mut told = String::with_capacity(sql.len() + 32);
    let mut rest = sql;
    while let Some(place) = rest.find(['?', '\'', 'I', 'C', 'j']) {
        let (before, from) = rest.split_at(place);
        told.push_str(before);
        rest = from;
        if let Some(text) = rest.strip_prefix('\'') {
            // What stands between quotation marks is said as it is.
            let end = text.find('\'').map_or(rest.len(), |end| end + 2);
            let (quoted, after) = rest.split_at(end);
            told.push_str(quoted);
            rest = after;
        } else if let Some(after) = rest.strip_prefix('?') {
            told.push('$');
            rest = after;
        } else if let Some(after) = rest.strip_prefix("INDEXED BY ") {
            let end = after.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(after.len());
            rest = &after[end..];
        } else if let Some(after) = rest.strip_prefix("CROSS JOIN") {
            told.push_str("JOIN");
            rest = after;
        } else if let Some((list, after)) = rest.strip_prefix("json_each(").and_then(|after| after.split_once(')')) {
            told.push_str("jsonb_array_elements_text(CAST(");
            told.push_str(&postgres(list));
            told.push_str(" AS jsonb))");
            rest = after;
        } else {
            let (letter, after) = rest.split_at(1);
            told.push_str(letter);
            rest = after;
        }
    }
    told.push_str(rest);
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_told_in_the_words_of_postgresql() {
        for (sql, told) in [
            ("SELECT 1", "SELECT 1"),
            ("UPDATE a SET b = ?1 WHERE c = ?12", "UPDATE a SET b = $1 WHERE c = $12"),
            ("SELECT 'is it? I?' || ?1", "SELECT 'is it? I?' || $1"),
            ("FROM a INDEXED BY a_by_b WHERE b = ?1", "FROM a  WHERE b = $1"),
            ("FROM a CROSS JOIN b INDEXED BY b_by_a ON b.a = a.id", "FROM a JOIN b  ON b.a = a.id"),
            (
                "a IN (SELECT value FROM json_each(?2)) AND b",
                "a IN (SELECT value FROM jsonb_array_elements_text(CAST($2 AS jsonb))) AND b",
            ),
        ] {
            assert_eq!(postgres(sql), told);
        }
    }
}
