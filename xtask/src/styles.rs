//! The styles: `style/main.scss` and what it uses, as one compressed CSS text.

use crate::step::timed;
use anyhow::{Context, Result};
use grass::{Options, OutputStyle};

pub fn compile() -> Result<String> {
    timed("building the styles", || {
        let options = Options::default().style(OutputStyle::Compressed).load_path("style");
        grass::from_path("style/main.scss", &options).context("style/main.scss is not right")
    })
}
