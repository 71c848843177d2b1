//! What tests are written with: a shop of the test's own, whoever deals with it, and the ways to disturb it.
//!
//! A test starts a shop, acts as a person does, and looks at what a person sees. It waits for a condition, never for a time.
//!
//! ```ignore
//! #[tokio::test]
//! async fn a_declined_refund_leaves_the_order_paid() {
//!     let shop = TestShop::start().await;                              // start: empty database, sandbox, a clock that stands
//!     let purchase = shop.sold("KR", "payco-wallet").await;            // act: a customer buys green tea and pays
//!     let told = Callback::refund(&purchase, "success", "decline", 100).signed();
//!     assert_eq!(shop.receives(told).await, 200);                      // act: the platform posts a callback
//!     assert_eq!(shop.status_of(&purchase).await, "success");          // expect: what anybody with the link sees
//!     assert_eq!(shop.open_kinds(), [] as [String; 0]);                // expect: what `storefront cases` prints
//!     shop.time_passes(Duration::from_secs(3600));                     // act: an hour goes by at once
//!     shop.customer().sees(&purchase.order_path(), "success").await;   // wait: until the page says so, or fail
//! }
//! ```
//!
//! | who | verbs |
//! |---|---|
//! | [`TestShop`] | `start`, `start_with(settings)`; `sold`, `receives(callback)`, `command(["refund", …])`; `time_passes`, `clock_steps`; `status_of`, `kept_callbacks`, `orders`, `open_cases`, `books`, `figures`; of the sandbox: `platform_misbehaves(faults)`, `platform_waits`, `platform_has` |
//! | [`Customer`] | a browser without scripts: `opens`, `posts`, `asks`; `puts_in_cart`, `presses_pay`, `orders`, `answers_with("approve")`, `buys`; `sees(order, status)`, `listens` |
//! | [`Page`], [`Purchase`] | what came back: `location`, `attribute`, `inputs`, `heading`; the payment that a customer was sent to make |
//! | [`Operator`] | somebody in the back office: `signs_in(shop, role)`, `sees`, `posts`, `confirms` (with the password once more), `brings(file)`, `sees_run` |
//! | [`people`], [`batch_files`] | how operators join and set up a second factor; files of refunds and payouts |
//! | [`Callback`] | what the platform posts: `sale`, `refund`, `recorded(sample)`, `with`, `without`, `signed` |
//! | [`gate_way::GateWay`] | between shop and Gate: `treats_money`, `answers_as`, `is_deaf`; `sent`, `questions_about`, `is_asked` |
//! | [`api_program::ApiProgram`], [`register`] | a program with a token; the platform's register, right, wrong or slow |
//! | [`merchant::Merchant`] | speaks to the sandbox itself, without a shop |
//! | [`Sandbox`] | `misbehaves(faults)`, `waits`, `has(payment_id)` |
//! | [`Program`], [`storefront`] | processes: started with few files or no log, and killed; commands run to their end |
//! | [`SmallDisk`], [`Lock`], [`by_hand`] | a full disk, a database that somebody else holds, rows that no request could write |
//! | [`prometheus`] | what the alerts say of figures: `alerts(which, after_minutes, before, after)` |
//! | [`eventually`] | looks again and again until there is something to see; gives up after half a minute |
//! | [`copies`] | SQLite files and further databases: `shop_in_a_file`, `ShopFile`, `FurtherDatabase`, `checked` |

pub mod api_program;
mod back_office;
pub mod batch_files;
mod callback;
pub mod copies;
mod customer;
mod database;
pub mod gate_way;
pub mod merchant;
mod operator;
pub mod people;
mod postgres;
mod programs;
pub mod prometheus;
pub mod register;
mod sandbox;
mod small_disk;
mod test_shop;

pub use back_office::{as_shown, kept_callbacks};
pub use callback::{Callback, signature_of, signed};
pub use customer::{Customer, Page, Purchase, unescaped};
pub use database::{Lock, by_hand};
pub use operator::{Operator, PASSWORD};
pub use programs::{
    Folder, Program, Said, kill_storefront_when, shop_program, shop_program_logging_to, shop_program_with_open_files,
    shop_program_with_open_files_and, storefront, storefront_unheard,
};
pub use sandbox::{Sandbox, sandbox_logging_to};
pub use small_disk::SmallDisk;
pub use test_shop::{OpenCase, Settings, TestShop, eventually, free_port, settings_for};
