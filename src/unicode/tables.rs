//! Normal forms of Unicode, by the tables of a library.

use icu_casemap::CaseMapper;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{DefaultIgnorableCodePoint, GeneralCategory},
};

/// NFC: `e` and an accent become `é`, the parts of a Hangul syllable the syllable.
pub fn composed(text: &str) -> String {
    ComposingNormalizerBorrowed::new_nfc().normalize(text).into_owned()
}

/// NFKC with full case folding, for comparing alone: `Ｓｔｒａßｅ` and `STRASSE` become `strasse`.
pub fn folded(text: &str) -> String {
    let (case, compatible) = (CaseMapper::new(), ComposingNormalizerBorrowed::new_nfkc());
    let decomposed = DecomposingNormalizerBorrowed::new_nfd().normalize(text);
    // Twice, as in Unicode's caseless matching: normalizing may produce characters that must be folded again.
    let once = compatible.normalize(&case.fold_string(&decomposed)).into_owned();
    compatible.normalize(&case.fold_string(&once)).into_owned()
}

/// Whether a character is invisible according to Unicode: default-ignorable, a format character or a control character.
pub fn is_unseen(letter: char) -> bool {
    if letter.is_ascii() {
        return letter.is_ascii_control();
    }
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(letter)
        || matches!(CodePointMapData::<GeneralCategory>::new().get(letter), GeneralCategory::Format | GeneralCategory::Control)
}
