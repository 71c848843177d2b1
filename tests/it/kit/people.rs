//! How operators come in and are looked after: invitations, second factors, the forms of the page of operators.

use crate::kit::{Operator, PASSWORD, Page, TestShop};

/// The key that the account page shows to be set up.
pub async fn shown_key(operator: &Operator) -> String {
    let page = operator.sees("/admin/account").await.body;
    page.split("class=\"key\"><code>").nth(1).and_then(|rest| rest.split('<').next()).expect("a key").replace(' ', "")
}

/// Sets up a second factor; gives back its key and the recovery codes.
pub async fn sets_up_second_factor(shop: &TestShop, operator: &Operator) -> (String, Vec<String>) {
    let key = shown_key(operator).await;
    let code = code_of(&key, shop.now().as_second());
    let done = operator.confirms("/admin/account/second-factor", &[("new_code", &code)]).await;
    let (_, list) = done.body.split_once("class=\"recovery-codes\"").unwrap_or_else(|| panic!("recovery codes: {}", done.body));
    let codes = list.split("<code>").skip(1).filter_map(|rest| rest.split_once('<')).map(|(code, _)| code.to_owned());
    (key, codes.collect())
}

pub fn code_of(key: &str, at: i64) -> String {
    let secret = totp_rs::Secret::try_from_base32(key).expect("Base32");
    let totp = totp_rs::Builder::new().with_secret(secret).with_account_name("a").build().expect("a generator");
    totp.generate(at.try_into().expect("a moment")).to_string()
}

/// The address of an operator's forms, as another one's page has it.
pub async fn forms_of(owner: &Operator, email: &str) -> String {
    let page = owner.sees("/admin/operators").await.body;
    let row = page.split(&format!("<strong>{email}</strong>")).nth(1).unwrap_or_else(|| panic!("{email} in {page}"));
    let action = row.split("action=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a form");
    action.rsplit_once('/').expect("an act").0.to_owned()
}

/// Adds an operator; the answer.
pub async fn adds(owner: &Operator, email: &str, role: &str) -> Page {
    let page = owner.confirms("/admin/operators", &[("email", email), ("role", role)]).await;
    assert_eq!(page.status, 200, "{}", page.body);
    page
}

/// The path of the invitation that a page shows.
pub fn invitation(page: &Page) -> String {
    let (_, rest) = page.body.split_once("/admin/invitations/").unwrap_or_else(|| panic!("no invitation on {:?}", page.heading()));
    let token: String = rest.chars().take_while(|letter| letter.is_ascii_alphanumeric() || "-_".contains(*letter)).collect();
    assert!(token.len() >= 22, "128 bits that nobody guesses: {token}");
    format!("/admin/invitations/{token}")
}

/// Opens an invitation and types a password, wherever one is asked for.
pub async fn takes(shop: &TestShop, invitation: &str, password: &str) -> Page {
    let newcomer = shop.customer();
    let page = newcomer.opens(invitation).await;
    assert_eq!(page.status, 200, "{invitation}: {}", page.body);
    let fields = page.inputs();
    let fields =
        fields.iter().map(|(name, value)| (name.as_str(), if name.contains("password") { password } else { value.as_str() }));
    newcomer.posts(invitation, &fields.collect::<Vec<_>>()).await
}

/// Whom an owner added, signed in with a password of their own.
pub async fn joins(shop: &TestShop, owner: &Operator, email: &str, role: &str) -> Operator {
    let answer = takes(shop, &invitation(&adds(owner, email, role).await), PASSWORD).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    Operator::at(&shop.address, email).await
}
