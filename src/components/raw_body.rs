//! A body as it came from outside, laid out to be read. Only white space between members is changed. Invisible letters, and those
//! that reverse the direction of writing, are shown by their number. Signatures are left out: with one, a reader of the page could
//! send the body again.

use leptos::prelude::*;

use crate::domain::text::is_hidden;

/// Bytes of a body that a page shows.
const MOST_SHOWN: usize = 16 * 1024;
/// Deeper levels stand no further to the right.
const DEEPEST: usize = 20;

#[component]
pub fn RawBody(body: Vec<u8>, #[prop(into)] label: String) -> impl IntoView {
    let bytes = body.len();
    let shown = &body[..bytes.min(MOST_SHOWN)];
    let text = laid_out(&String::from_utf8_lossy(shown));
    view! {
        <div class="raw-body" role="region" aria-label=label tabindex="0"><pre><code>{text}</code></pre></div>
        {(bytes > MOST_SHOWN).then(|| view! { <p class="hint">{format!("The first {MOST_SHOWN} of {bytes} bytes.")}</p> })}
    }
}

fn laid_out(json: &str) -> String {
    let mut text = String::with_capacity(json.len() * 2);
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    // Where the last text began, and whether the next one is a signature.
    let (mut began, mut signs) = (0_usize, false);
    let new_line = |text: &mut String, depth: usize| {
        text.push('\n');
        text.push_str(&"  ".repeat(depth.min(DEEPEST)));
    };
    let mut letters = json.chars().peekable();
    while let Some(letter) = letters.next() {
        if in_text {
            in_text = escaped || letter != '"';
            escaped = !escaped && letter == '\\';
            if !signs || !in_text {
                show(&mut text, letter);
            }
            continue;
        }
        match letter {
            '"' => {
                in_text = true;
                began = text.len();
                text.push_str(if signs { "\"…" } else { "\"" });
            }
            '{' | '[' => {
                text.push(letter);
                while letters.next_if(|next| next.is_ascii_whitespace()).is_some() {}
                let closing = if letter == '{' { '}' } else { ']' };
                match letters.next_if_eq(&closing) {
                    Some(closing) => text.push(closing),
                    None => {
                        depth += 1;
                        new_line(&mut text, depth);
                    }
                }
            }
            '}' | ']' => {
                signs = false;
                depth = depth.saturating_sub(1);
                new_line(&mut text, depth);
                text.push(letter);
            }
            ',' => {
                text.push(',');
                signs = false;
                new_line(&mut text, depth);
            }
            ':' => {
                signs = text[began..].eq_ignore_ascii_case("\"signature\"");
                text.push_str(": ");
            }
            white if white.is_ascii_whitespace() => {}
            other => show(&mut text, other),
        }
    }
    text
}

fn show(text: &mut String, letter: char) {
    match is_hidden(letter) {
        true => text.push_str(&format!("\\u{{{:x}}}", u32::from(letter))),
        false => text.push(letter),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_stand_on_lines_of_their_own_and_texts_stay_as_they_are() {
        let body = r#"{"a":{"b":[1,2.0,{}],"c":"x, {y}: \"z\\"},"d":[] }"#;
        let expected = r#"{
  "a": {
    "b": [
      1,
      2.0,
      {}
    ],
    "c": "x, {y}: \"z\\"
  },
  "d": []
}"#;
        assert_eq!(laid_out(body), expected);
        assert_eq!(laid_out(expected), expected);
    }

    #[test]
    fn signatures_are_left_out_wherever_they_stand() {
        let body = r#"{"signature":"a\"b==","general":{"signature" : "cd==","note":"signature"},"x":"ef=="}"#;
        let shown = laid_out(body);
        assert!(!shown.contains("a\\") && !shown.contains("cd=="), "{shown}");
        assert!(
            shown.contains(r#""signature": "…""#) && shown.contains(r#""note": "signature""#) && shown.contains("ef=="),
            "{shown}"
        );
    }

    #[test]
    fn what_cannot_be_seen_is_shown_and_depth_makes_no_flood() {
        assert_eq!(laid_out("\"a\u{202e}b\u{0}\u{feff}\""), "\"a\\u{202e}b\\u{0}\\u{feff}\"");
        let deep = laid_out(&"[".repeat(10_000));
        assert!(deep.len() < 10_000 * (2 * DEEPEST + 3));
        assert_eq!(laid_out("}}]"), "\n}\n}\n]");
    }
}
