//! Roles of operators, and what each may do. Which address asks for which permission stands in `server/admin/routes.rs`.

use crate::domain::money::Money;

named! {
    #[derive(PartialOrd, Ord)]
    pub enum Role {
        Viewer = "viewer",
        Support = "support",
        Finance = "finance",
        Owner = "owner",
    }
}

/// What an address of the back office requires of the operator who opens it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// Look at everything.
    See,
    /// Ask the platform, apply a callback again: neither moves money by itself.
    Ask,
    /// Refund; the role support only up to a limit.
    Refund,
    /// Pay out, start and approve batches, decide cases.
    MoveMoney,
    /// Manage operators and tokens.
    Manage,
}

impl Role {
    /// What the role may do, for the owner who assigns it.
    pub const fn meaning(self) -> &'static str {
        match self {
            Role::Viewer => "sees everything, changes nothing",
            Role::Support => "asks the platform, refunds up to a limit",
            Role::Finance => "refunds, pays out, starts and approves batches, decides cases",
            Role::Owner => "does all of this, and manages operators",
        }
    }

    /// Whether the role needs a second factor. A shop that only this computer can reach does not ask for one.
    pub fn needs_second_factor(self) -> bool {
        self >= Role::Finance
    }

    pub fn may(self, permission: Permission) -> bool {
        let least = match permission {
            Permission::See => Role::Viewer,
            Permission::Ask | Permission::Refund => Role::Support,
            Permission::MoveMoney => Role::Finance,
            Permission::Manage => Role::Owner,
        };
        self >= least
    }

    /// Whether the role may refund this amount. `limits` are those of the role support.
    pub fn may_refund(self, sum: Money, limits: &SumLimits) -> bool {
        self.may(Permission::MoveMoney) || (self.may(Permission::Refund) && limits.covers(sum))
    }
}

/// Limits by currency, up to which an operator may act alone. A currency without a limit allows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SumLimits(Vec<Money>);

impl SumLimits {
    /// Reads `KRW=500000,PHP=20000,EUR=500`: major units. Error: what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut limits: Vec<Money> = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (code, sum) = part.split_once('=').ok_or_else(|| format!("{part:?} is not of the form EUR=500"))?;
            let currency =
                crate::domain::money::Currency::from_code(code.trim()).ok_or_else(|| format!("{code:?} is no currency"))?;
            let digits = crate::domain::money::digits_after_point(currency);
            let sum = sum.trim();
            let whole = if digits > 0 && !sum.contains('.') { format!("{sum}.{}", "0".repeat(digits)) } else { sum.to_owned() };
            let limit = Money::parse(&whole, currency).map_err(|error| error.to_string())?;
            if limits.iter().any(|known| known.currency() == currency) {
                return Err(format!("{code} is given twice"));
            }
            limits.push(limit);
        }
        Ok(Self(limits))
    }

    pub fn of(&self, currency: crate::domain::money::Currency) -> Option<Money> {
        self.0.iter().copied().find(|limit| limit.currency() == currency)
    }

    /// Whether this amount is within the limit of its currency.
    pub fn covers(&self, sum: Money) -> bool {
        self.of(sum.currency()).is_some_and(|limit| sum.minor() <= limit.minor())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Currency;

    fn money(minor: u64, currency: Currency) -> Money {
        Money::from_minor(minor, currency).unwrap()
    }

    #[test]
    fn limits_are_major_units_of_their_currency() {
        let limits = SumLimits::parse("KRW=500000, PHP=20000,EUR=500.50").unwrap();
        assert!(limits.covers(money(500_000, Currency::KRW)));
        assert!(!limits.covers(money(500_001, Currency::KRW)));
        assert!(limits.covers(money(50_050, Currency::EUR)));
        assert!(!limits.covers(money(50_051, Currency::EUR)));
        assert!(!limits.covers(money(1, Currency::USD)), "a currency without a limit is within nothing");
        for bad in ["EUR", "EUR=", "EUR=5,EUR=6", "XXY=1", "KRW=1.5", "EUR=-1", "EUR=1e3"] {
            assert!(SumLimits::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn each_role_may_what_the_lesser_ones_may() {
        let limits = SumLimits::parse("EUR=50").unwrap();
        for permission in [Permission::See, Permission::Ask, Permission::Refund, Permission::MoveMoney, Permission::Manage] {
            let allowed: Vec<_> = Role::ALL.into_iter().map(|role| role.may(permission)).collect();
            assert!(allowed.is_sorted() && allowed[3], "{permission:?}");
        }
        assert!(!Role::Viewer.may_refund(money(1, Currency::EUR), &limits));
        assert!(Role::Support.may_refund(money(5_000, Currency::EUR), &limits));
        assert!(!Role::Support.may_refund(money(5_001, Currency::EUR), &limits));
        assert!(Role::Finance.may_refund(money(5_001, Currency::EUR), &limits));
    }
}
