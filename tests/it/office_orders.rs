//! What operators see of an order and do about it.

use crate::{operator::Operator, test_shop::TestShop};

#[tokio::test]
async fn each_role_opens_its_own_account_and_only_owners_the_operators() {
    let shop = TestShop::start().await;
    for (role, status) in [("viewer", 403), ("support", 403), ("finance", 403), ("owner", 200)] {
        let operator = Operator::signs_in(&shop, role).await;
        assert!(operator.sees("/admin/account").await.body.contains(&operator.email));
        assert_eq!(operator.opens("/admin/operators").await.status, status, "{role}");
    }
    let owner = Operator::signs_in(&shop, "owner").await;
    let refused = owner.posts("/admin/operators", &[("email", "new@shop.example"), ("role", "viewer")]).await;
    assert_eq!(refused.status, 422, "without the password");
    let added = owner.confirms("/admin/operators", &[("email", "new@shop.example"), ("role", "viewer")]).await;
    assert_eq!(added.status, 200, "{}", added.body);
}
