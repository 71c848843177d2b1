//! Where pages act by themselves. Each island improves HTML that already works without it:
//! it reads what it needs from the document, so that nothing is sent twice and the browser half stays small.

pub mod checkout_guide;
pub mod order_watch;
