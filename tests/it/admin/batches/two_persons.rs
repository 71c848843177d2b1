//! Two persons, not two accounts: nobody approves a batch whose uploader gave them their account, their role or a new sign-in.

use std::time::Duration;

use crate::kit::{
    Operator, PASSWORD, Purchase, TestShop,
    batch_files::payouts,
    people::{adds, forms_of, invitation, joins, sets_up_second_factor, takes},
};

/// 60,000 PHP less a few centavos, far above what one person may pay out alone.
const MUCH: [(u64, &str); 3] = [(2_000_000, "John Doe"), (1_999_999, "John Doe"), (1_999_998, "John Doe")];

/// Uploads payouts that need a second person, and asks for one.
async fn waiting_run(uploader: &Operator, purchase: &Purchase) -> String {
    waiting_run_of(uploader, payouts(purchase, &MUCH)).await
}

async fn waiting_run_of(uploader: &Operator, file: String) -> String {
    let run = uploader.brings("payouts.csv", file).await;
    assert_eq!(uploader.confirms(&format!("{run}/start"), &[]).await.status, 303);
    uploader.sees_run(&run, "waiting for approval").await;
    run
}

/// Of this operator the approval is not taken; of somebody nobody here let in it is.
async fn is_no_second_person(shop: &TestShop, operator: &Operator, run: &str) {
    let answer = operator.confirms(&format!("{run}/approve"), &[]).await;
    let state = operator.sees(run).await.attribute("data-batch-state");
    assert_eq!((answer.status, state.as_deref()), (422, Some("waiting for approval")), "{} approves {run}", operator.email);
    let other = Operator::called(shop, "third", "finance").await;
    assert_eq!(other.confirms(&format!("{run}/approve"), &[]).await.status, 303);
    other.sees_run(run, "finished").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whom_the_uploader_added_does_not_approve() {
    let shop = TestShop::start().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let run = waiting_run(&owner, &purchase).await;
    let added = joins(&shop, &owner, "new@shop.example", "finance").await;
    is_no_second_person(&shop, &added, &run).await;
    // What somebody else uploaded is another thing.
    let other = Operator::called(&shop, "third", "finance").await;
    let foreign = waiting_run_of(&other, payouts(&purchase, &[(1_900_000, "John Doe"), (1_800_000, "John Doe")])).await;
    assert_eq!(added.confirms(&format!("{foreign}/approve"), &[]).await.status, 303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whom_the_uploader_gave_a_role_does_not_approve() {
    let shop = TestShop::start().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let colleague = Operator::signs_in(&shop, "viewer").await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let forms = forms_of(&owner, &colleague.email).await;
    assert_eq!(owner.confirms(&format!("{forms}/role"), &[("role", "finance")]).await.status, 303);
    let run = waiting_run(&owner, &purchase).await;
    colleague.enters_password("").await;
    is_no_second_person(&shop, &colleague, &run).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whose_second_factor_the_uploader_took_away_does_not_approve() {
    let shop = TestShop::start().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let colleague = Operator::signs_in(&shop, "finance").await;
    sets_up_second_factor(&shop, &colleague).await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let run = waiting_run(&owner, &purchase).await;
    let forms = forms_of(&owner, &colleague.email).await;
    assert_eq!(owner.confirms(&format!("{forms}/second-factor"), &[]).await.status, 303);
    colleague.enters_password("").await;
    is_no_second_person(&shop, &colleague, &run).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whom_the_uploader_removed_and_added_again_does_not_approve() {
    let shop = TestShop::start().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let colleague = Operator::signs_in(&shop, "finance").await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let run = waiting_run(&owner, &purchase).await;
    let forms = forms_of(&owner, &colleague.email).await;
    assert_eq!(owner.confirms(&format!("{forms}/removal"), &[]).await.status, 303);
    let again = joins(&shop, &owner, &colleague.email, "finance").await;
    is_no_second_person(&shop, &again, &run).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whose_password_the_uploader_reset_does_not_approve() {
    let shop = TestShop::start().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let colleague = Operator::signs_in(&shop, "finance").await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let run = waiting_run(&owner, &purchase).await;
    let forms = forms_of(&owner, &colleague.email).await;
    let reset = owner.confirms(&format!("{forms}/invitation"), &[]).await;
    assert_eq!(takes(&shop, &invitation(&reset), PASSWORD).await.status, 303);
    colleague.enters_password("").await;
    is_no_second_person(&shop, &colleague, &run).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_who_comes_back_does_not_approve_what_they_brought_before() {
    let shop = TestShop::start().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let former = Operator::signs_in(&shop, "finance").await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let run = waiting_run(&former, &purchase).await;
    let forms = forms_of(&owner, &former.email).await;
    assert_eq!(owner.confirms(&format!("{forms}/removal"), &[]).await.status, 303);
    let again = Operator::signs_in(&shop, "finance").await;
    is_no_second_person(&shop, &again, &run).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_who_comes_back_approves_under_no_second_name_that_they_invite() {
    let shop = TestShop::start().await;
    let host = Operator::called(&shop, "host", "owner").await;
    let former = joins(&shop, &host, "former@shop.example", "owner").await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let run = waiting_run(&former, &purchase).await;
    let forms = forms_of(&host, &former.email).await;
    assert_eq!(host.confirms(&format!("{forms}/removal"), &[]).await.status, 303);
    let again = joins(&shop, &host, "Former@shop.example", "owner").await;
    let own = again.confirms(&format!("{run}/approve"), &[]).await;
    assert_eq!(own.status, 422, "the same address: {}", own.body);
    let second = joins(&shop, &again, "second@shop.example", "owner").await;
    let refused = second.confirms(&format!("{run}/approve"), &[]).await;
    assert_eq!(refused.status, 422, "whom they invited since: {}", refused.body);
    let last = joins(&shop, &second, "last@shop.example", "finance").await;
    is_no_second_person(&shop, &last, &run).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn owners_whom_nobody_let_in_approve_each_other_s_runs() {
    let shop = TestShop::start().await;
    let (one, other) = (Operator::called(&shop, "one", "owner").await, Operator::called(&shop, "other", "owner").await);
    let added = joins(&shop, &one, "new@shop.example", "finance").await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let run = waiting_run(&one, &purchase).await;
    assert_eq!(added.confirms(&format!("{run}/approve"), &[]).await.status, 422);
    assert_eq!(other.confirms(&format!("{run}/approve"), &[]).await.status, 303);
    let foreign = waiting_run_of(&other, payouts(&purchase, &[(1_900_000, "John Doe"), (1_800_000, "John Doe")])).await;
    assert_eq!(added.confirms(&format!("{foreign}/approve"), &[]).await.status, 303, "whom one let in approves the other's");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chain_of_additions_leads_to_no_second_person() {
    let shop = TestShop::start().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let run = waiting_run(&owner, &purchase).await;
    let between = joins(&shop, &owner, "between@shop.example", "owner").await;
    let last = joins(&shop, &between, "last@shop.example", "finance").await;
    is_no_second_person(&shop, &last, &run).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_of_the_chain_that_another_owner_added_again_is_the_same_person() {
    let shop = TestShop::start().await;
    let (uploader, other) = (Operator::called(&shop, "one", "owner").await, Operator::called(&shop, "other", "owner").await);
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let run = waiting_run(&uploader, &purchase).await;
    let between = joins(&shop, &uploader, "between@shop.example", "owner").await;
    let forms = forms_of(&other, &between.email).await;
    assert_eq!(other.confirms(&format!("{forms}/removal"), &[]).await.status, 303);
    let again = joins(&shop, &other, "Between@shop.example", "owner").await;
    let refused = again.confirms(&format!("{run}/approve"), &[]).await;
    assert_eq!(refused.status, 422, "whom the uploader let in before: {}", refused.body);
    let last = joins(&shop, &again, "last@shop.example", "finance").await;
    is_no_second_person(&shop, &last, &run).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_who_is_added_again_counts_as_somebody_else() {
    let shop = TestShop::start().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let former = Operator::signs_in(&shop, "finance").await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let run = former.brings("payouts.csv", payouts(&purchase, &MUCH)).await;
    let forms = forms_of(&owner, &former.email).await;
    assert_eq!(owner.confirms(&format!("{forms}/removal"), &[]).await.status, 303);
    let again = Operator::signs_in(&shop, "finance").await;
    assert_eq!(again.email, former.email);
    let start = again.confirms(&format!("{run}/start"), &[]).await;
    assert!(start.status == 422 && start.body.contains("Only whoever uploaded it"), "{} {:?}", start.status, start.location());
    assert_ne!(forms_of(&owner, &again.email).await, forms, "they are told apart");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_invited_sets_a_password_that_nobody_else_ever_saw() {
    let shop = TestShop::start().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let page = adds(&owner, "new@shop.example", "finance").await;
    let invitation = invitation(&page);
    let is_in = async |password: &str| {
        let fields = [("email", "new@shop.example"), ("password", password)];
        shop.customer().posts("/admin/sign-in", &fields).await.status == 303
    };
    assert!(!is_in(PASSWORD).await && !is_in("").await, "before it is taken nobody signs in");
    let weak = takes(&shop, &invitation, "password").await;
    assert_eq!(weak.status, 422, "the rules for passwords hold here, too: {}", weak.body);
    let taken = takes(&shop, &invitation, PASSWORD).await;
    assert!(taken.status == 303 && is_in(PASSWORD).await, "{}", taken.body);

    const ANOTHER: &str = "another lantern over other stones";
    let stranger = shop.customer();
    let late = stranger.opens(&invitation).await;
    assert!([404, 410].contains(&late.status), "it opens once: {}", late.status);
    let late = stranger.posts(&invitation, &[("password", ANOTHER), ("new_password", ANOTHER)]).await;
    assert!([404, 410].contains(&late.status) && !is_in(ANOTHER).await, "it is taken once: {}", late.status);
    assert!(is_in(PASSWORD).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invitation_of_somebody_who_was_removed_opens_nothing() {
    let shop = TestShop::start().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let first = invitation(&adds(&owner, "new@shop.example", "finance").await);
    let forms = forms_of(&owner, "new@shop.example").await;
    assert_eq!(owner.confirms(&format!("{forms}/removal"), &[]).await.status, 303);
    let second = invitation(&adds(&owner, "new@shop.example", "viewer").await);
    assert_ne!(first, second);
    assert!([404, 410].contains(&shop.customer().opens(&first).await.status));
    shop.time_passes(Duration::from_secs(60 * 60));
    assert_eq!(takes(&shop, &second, PASSWORD).await.status, 303, "the newer one lives");
}
