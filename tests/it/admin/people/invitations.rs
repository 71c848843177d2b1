//! How people come into the back office: by an invitation that they take themselves.

use std::time::Duration;

use crate::kit::{
    Operator, PASSWORD, TestShop,
    batch_files::payouts,
    people::{adds, forms_of, invitation, joins, takes},
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[tokio::test]
async fn an_invitation_opens_for_a_week() {
    let shop = TestShop::start().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let [early, late] = [adds(&owner, "a@shop.example", "viewer").await, adds(&owner, "b@shop.example", "viewer").await];
    shop.time_passes(7 * DAY - Duration::from_secs(1));
    assert_eq!(takes(&shop, &invitation(&early), PASSWORD).await.status, 303);
    shop.time_passes(Duration::from_secs(1));
    let page = shop.customer().opens(&invitation(&late)).await;
    assert!(page.status == 410 && page.body.contains("for another one"), "{} {}", page.status, page.body);
    let posted = shop.customer().posts(&invitation(&late), &[("new_password", PASSWORD)]).await;
    assert_eq!(posted.status, 410);
    owner.enters_password("").await;
    let listed = owner.sees("/admin/operators").await.body;
    assert!(listed.contains("invitation is over"), "{listed}");
}

#[tokio::test]
async fn an_owner_who_resets_a_password_never_learns_the_new_one() {
    let shop = TestShop::start().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let colleague = Operator::signs_in(&shop, "viewer").await;
    let reset = format!("{}/invitation", forms_of(&owner, &colleague.email).await);
    assert_eq!(owner.posts(&reset, &[]).await.status, 422, "not without the owner's own password");
    assert_eq!(colleague.opens("/admin/account").await.status, 200);
    let [first, second] = [owner.confirms(&reset, &[]).await, owner.confirms(&reset, &[]).await];
    assert_eq!((first.status, second.status), (200, 200), "{}", first.body);
    assert_eq!(colleague.opens("/admin/account").await.status, 303, "whoever was in is out");
    let enters = async |password: &str| {
        let fields = [("email", colleague.email.as_str()), ("password", password)];
        shop.customer().posts("/admin/sign-in", &fields).await.status
    };
    assert_eq!(enters(PASSWORD).await, 422, "the old password opens nothing");
    assert_eq!(shop.customer().opens(&invitation(&first)).await.status, 410, "the newest invitation counts alone");
    const NEW: &str = "another lantern over other stones";
    assert_eq!(takes(&shop, &invitation(&second), NEW).await.status, 303);
    assert_eq!((enters(PASSWORD).await, enters(NEW).await), (422, 303));
    let acts = owner.sees("/admin/acts").await.body;
    assert!(acts.contains("invite operator anew") && acts.contains("take invitation"), "{acts}");
}

#[tokio::test]
async fn an_owner_neither_invites_nor_locks_out_themselves() {
    let shop = TestShop::start().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    adds(&owner, "new@shop.example", "owner").await;
    let forms = forms_of(&owner, "new@shop.example").await;
    let mine = ["1", "2"].map(|id| format!("/admin/operators/{id}")).into_iter().find(|mine| *mine != forms).expect("the other");
    for (act, why) in [("invitation", "under your account"), ("removal", "last owner stays"), ("role", "last owner stays")] {
        let page = owner.confirms(&format!("{mine}/{act}"), &[("role", "viewer")]).await;
        assert!(page.status == 422 && page.body.contains(why), "{act}: {} {}", page.status, page.body);
    }
}

#[tokio::test]
async fn of_an_invitation_only_a_digest_is_kept() {
    let shop = TestShop::start().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let invitation = invitation(&adds(&owner, "new@shop.example", "viewer").await);
    let token = invitation.rsplit('/').next().expect("a token");
    assert!(!shop.folder.database_holds(token));
}

#[tokio::test]
async fn two_who_open_one_invitation_at_once_are_not_both_in() {
    let shop = TestShop::start().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let invitation = invitation(&adds(&owner, "new@shop.example", "viewer").await);
    let (one, other) = (shop.customer(), shop.customer());
    let (first, second) = tokio::join!(
        one.posts(&invitation, &[("new_password", PASSWORD)]),
        other.posts(&invitation, &[("new_password", "another lantern over other stones")]),
    );
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 410]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_who_is_added_again_has_no_second_allowance() {
    let shop = TestShop::start().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let finance = Operator::signs_in(&shop, "finance").await;
    let purchase = shop.sold("PH", "paymaya-wallet").await;
    let alone = finance.brings("payouts.csv", payouts(&purchase, &[(1_900_000, "John Doe")])).await;
    assert_eq!(finance.confirms(&format!("{alone}/start"), &[]).await.status, 303);
    finance.sees_run(&alone, "finished").await;
    let forms = forms_of(&owner, &finance.email).await;
    assert_eq!(owner.confirms(&format!("{forms}/removal"), &[]).await.status, 303);
    let again = Operator::signs_in(&shop, "finance").await;
    let more = again.brings("more.csv", payouts(&purchase, &[(1_800_000, "John Doe")])).await;
    assert_eq!(again.confirms(&format!("{more}/start"), &[]).await.status, 303);
    again.sees_run(&more, "waiting for approval").await;
}

#[tokio::test]
async fn an_operator_who_is_added_again_has_none_of_the_old_rights() {
    let shop = TestShop::start().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let former = joins(&shop, &owner, "new@shop.example", "finance").await;
    let forms = forms_of(&owner, "new@shop.example").await;
    assert_eq!(owner.confirms(&format!("{forms}/removal"), &[]).await.status, 303);
    let again = joins(&shop, &owner, "NEW@shop.example", "viewer").await;
    assert_eq!(former.opens("/admin/account").await.status, 303, "sessions of the one before open nothing");
    assert_eq!(again.posts("/admin/batches", &[]).await.status, 403);
    let acts = owner.sees("/admin/acts").await.body;
    let [old, new] =
        [forms, forms_of(&owner, "NEW@shop.example").await].map(|forms| forms.rsplit('/').next().unwrap_or_default().to_owned());
    for subject in [format!("operator new@shop.example ({old})"), format!("operator NEW@shop.example ({new})")] {
        assert!(acts.contains(&subject), "{subject}: {acts}");
    }
}
