//! Which passwords are good enough, in the settings and everywhere else.

use icu_normalizer::ComposingNormalizerBorrowed;

const SHORTEST: usize = 15;
/// Longer ones only cost time.
const LONGEST: usize = 256;

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    #[error("a password has at least {SHORTEST} characters")]
    TooShort,
    #[error("a password has at most {LONGEST} characters")]
    TooLong,
    #[error("this password is easily guessed: a few unrelated words make a good one")]
    EasilyGuessed,
}

/// Whether a new password is good enough for the operator of this address.
pub fn check_password(password: &str, email: &str) -> Result<(), WeakPassword> {
    let password = &normalised(password);
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(WeakPassword::TooShort);
    }
    if length > LONGEST {
        return Err(WeakPassword::TooLong);
    }
    let strength = zxcvbn::zxcvbn(password, &[email, "three harbours", "storefront", "ecommpay"]);
    if strength.score() < zxcvbn::Score::Three { Err(WeakPassword::EasilyGuessed) } else { Ok(()) }
}

/// Systems write the same letters in different ways: `é` as one sign or as two.
pub fn normalised(password: &str) -> String {
    ComposingNormalizerBorrowed::new_nfkc().normalize(password).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_well_known_passwords_are_not_taken() {
        assert_eq!(check_password("Tr0ub4dor&3", "a@b.example"), Err(WeakPassword::TooShort));
        for easy in ["passwordpassword", "aaaaaaaaaaaaaaaa", "123456789012345", "qwertyuiopasdfgh"] {
            assert_eq!(check_password(easy, "a@b.example"), Err(WeakPassword::EasilyGuessed), "{easy}");
        }
        assert_eq!(check_password("correct horse battery staple", "a@b.example"), Ok(()));
        assert_eq!(check_password(&"x1-".repeat(100), "a@b.example"), Err(WeakPassword::TooLong));
    }
}
