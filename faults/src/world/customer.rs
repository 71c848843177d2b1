//! A customer: from an empty cart to the Payment Page, and what they decide there.

use super::World;
use super::browser::Browser;
use super::http::Request;
use super::page::{form, inputs, parameter, path_of};
use anyhow::{Context, Result, ensure};

/// Its stock is not counted.
const PRODUCT: &str = "jeju-green-tea";

/// What they type, and where a payout goes.
pub const EMAIL: &str = "maria@mail.example";
pub const LAST_NAME: &str = "Peeters";
pub const ACCOUNT: &str = "09123456789";
pub const FULL_NAME: &str = "Maria Peeters";

/// A payment that a customer was sent to make.
pub struct Purchase {
    /// Of the Payment Page.
    address: String,
    pub payment_id: String,
    /// As the platform knows the customer.
    pub customer_id: String,
    /// The path of the order's page.
    pub order: String,
}

impl Purchase {
    /// The order's page in the back office.
    pub fn office_page(&self) -> String {
        format!("/admin/orders/{}", self.payment_id.rsplit_once('-').map_or("", |(number, _)| number))
    }
}

/// Orders tea. Whatever is not answered is tried again, as a customer does.
pub fn orders(world: &World, market: &str, method: &str) -> Result<Purchase> {
    let mut browser = Browser::of(world);
    browser.opens(&format!("/?market={market}"))?;
    let filled = browser.posts("/cart", [("product", PRODUCT), ("quantity", "1")])?;
    ensure!(filled.status == 303, "{PRODUCT} goes into the cart: {}", filled.status);
    let [cart, total] = browser.inputs_of("/checkout", ["cart", "total"])?;
    let typed = [("payment_method", method), ("email", EMAIL), ("last_name", LAST_NAME)];
    world.record.one_checkout();
    let answer = browser.posts("/checkout", [("cart", cart.as_str()), ("total", &total)].into_iter().chain(typed))?;
    ensure!(answer.status == 303, "Pay is pressed: {} {}", answer.status, answer.text());
    let address = answer.location()?.to_owned();
    let told = |name: &str| parameter(&address, name).with_context(|| format!("no {name}: {address}"));
    Ok(Purchase {
        payment_id: told("payment_id")?,
        customer_id: told("customer_id")?,
        order: path_of(&told("merchant_return_url")?).to_owned(),
        address,
    })
}

/// Opens the Payment Page, confirms it, and presses a button of the provider's page: `approve` or `decline`.
pub fn answers(world: &World, purchase: &Purchase, decision: &str) -> Result<()> {
    let port = world.sandbox.port;
    let page = Request::get(path_of(&purchase.address)).to(port)?.text();
    let inputs = inputs(&page);
    let sent = inputs.iter().filter(|(name, _)| name != "_method").map(|(name, value)| (name.as_str(), value.as_str()));
    let confirmed = Request::form("/payment/confirm", &form(sent)).to(port)?;
    let provider = path_of(confirmed.location()?).to_owned();
    let decided = Request::form(&provider, &form([("decision", decision)])).to(port)?;
    decided.location()?;
    Ok(())
}

/// Comes back to the order's page, as whoever paid.
pub fn comes_back(world: &World, purchase: &Purchase) -> Result<()> {
    world.insists(&Request::get(&purchase.order)).map(|_| ())
}
