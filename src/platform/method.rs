//! The payment methods and their rules, one row each.
//!
//! Sources: the platform's own documents of the three methods. What they leave open is marked "careful reading".

use iso_currency::Currency;

/// A payment method the shop offers by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    Payco,
    PayMaya,
    Bancontact,
}

/// What a method demands and allows. Amounts are minor units of its currency, times are seconds.
#[derive(Debug)]
pub struct Rules {
    /// `force_payment_method` on the Payment Page, and the value of the checkout's radio button.
    pub code: &'static str,
    /// The name customers know; the same in every language.
    pub name: &'static str,
    /// `payment.method` as callbacks spell it.
    pub callback_name: &'static str,
    pub currency: Currency,
    /// Smallest payment in minor units.
    pub minimum: u64,
    /// Largest payment in minor units, where one is published.
    pub maximum: Option<u64>,
    /// The platform asks for an e-mail address.
    pub needs_email: bool,
    /// The platform asks for a last name of 3 to 100 characters.
    pub needs_last_name: bool,
    /// Seconds after which the platform is asked when no callback came.
    pub base_time_s: i64,
    /// Seconds after which an unfinished payment is declined by the platform.
    pub limit_time_s: i64,
    pub gate: GateRules,
}

/// What Gate offers for a method.
#[derive(Debug)]
pub struct GateRules {
    /// The path of a sale.
    pub sale: &'static str,
    /// The members of `return_url` a sale takes.
    pub return_urls: &'static [&'static str],
    /// The path of a refund. `None`: the method has none.
    pub refund: Option<&'static str>,
    /// A refund must name the customer's IP address.
    pub refund_needs_ip: bool,
    pub payout: Option<PayoutRules>,
}

/// Payouts of a method, to accounts of 11 digits that begin with 09.
#[derive(Debug)]
pub struct PayoutRules {
    pub path: &'static str,
    /// Minor units.
    pub minimum: u64,
    pub maximum: u64,
    /// Base time and limit time (seconds): when the platform is first asked, and when the payout is over.
    pub base_time_s: i64,
    pub limit_time_s: i64,
}

const MINUTE: i64 = 60;
const DAY: i64 = 24 * 60 * MINUTE;

const PAYCO: Rules = Rules {
    code: "payco-wallet",
    name: "Payco",
    callback_name: "payco",
    currency: Currency::KRW,
    minimum: 1,
    maximum: None,
    needs_email: false,
    needs_last_name: false,
    base_time_s: USUAL_BASE_TIME_S,
    limit_time_s: DAY, // careful reading: none is published
    gate: GateRules {
        sale: "/v2/payment/wallet/payco/sale",
        return_urls: &["success", "decline", "return"],
        refund: Some("/v2/payment/wallet/payco/refund"),
        refund_needs_ip: false,
        payout: None,
    },
};

const PAYMAYA: Rules = Rules {
    code: "paymaya-wallet",
    name: "PayMaya",
    callback_name: "PayMaya wallet",
    currency: Currency::PHP,
    minimum: 2_000,
    maximum: Some(1_500_000),
    needs_email: true,
    needs_last_name: false,
    base_time_s: 30 * MINUTE,
    limit_time_s: DAY,
    gate: GateRules {
        sale: "/v2/payment/wallet/paymaya/sale",
        return_urls: &["success"],
        refund: None,
        refund_needs_ip: false,
        payout: Some(PayoutRules {
            path: "/v2/payment/wallet/paymaya/payout",
            minimum: 100,
            maximum: 2_000_000,
            base_time_s: DAY,
            limit_time_s: 2 * DAY,
        }),
    },
};

const BANCONTACT: Rules = Rules {
    code: "bancontact",
    name: "Bancontact",
    callback_name: "bancontact",
    currency: Currency::EUR,
    minimum: 100,
    maximum: None,
    needs_email: false,
    needs_last_name: true,
    base_time_s: USUAL_BASE_TIME_S,
    limit_time_s: 30 * DAY,
    gate: GateRules {
        sale: "/v2/payment/bancontact/sale",
        return_urls: &["return"],
        refund: Some("/v2/payment/bancontact/refund"),
        refund_needs_ip: true,
        payout: None,
    },
};

/// Seconds after which the platform is asked where the documents name no time (careful reading).
pub const USUAL_BASE_TIME_S: i64 = 15 * MINUTE;

/// The longest time any method may take: a payment whose method is chosen on the Payment Page waits this long.
pub const LONGEST_LIMIT_TIME_S: i64 = 30 * DAY;

/// Above this amount (minor units of EUR) Bancontact shows no QR code.
/// The documents say "under" and "above" 500.00 EUR; exactly 500.00 still shows it (careful reading).
pub const BANCONTACT_QR_UP_TO: u64 = 50_000;

impl Method {
    pub const ALL: [Method; 3] = [Method::Payco, Method::PayMaya, Method::Bancontact];

    /// The method's row in the table.
    pub const fn rules(self) -> &'static Rules {
        match self {
            Method::Payco => &PAYCO,
            Method::PayMaya => &PAYMAYA,
            Method::Bancontact => &BANCONTACT,
        }
    }

    /// The method with this `force_payment_method` code.
    pub fn from_code(code: &str) -> Option<Method> {
        Method::ALL.into_iter().find(|method| method.rules().code == code)
    }

    /// The method with this name in callbacks.
    pub fn from_callback_name(name: &str) -> Option<Method> {
        Method::ALL.into_iter().find(|method| method.rules().callback_name == name)
    }

    /// The methods that take this currency.
    pub fn for_currency(currency: Currency) -> impl Iterator<Item = Method> {
        Method::ALL.into_iter().filter(move |method| method.rules().currency == currency)
    }
}
