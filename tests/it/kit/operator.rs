//! An operator in a browser that runs no scripts: signs in, opens pages of the back office, posts their forms.

use reqwest::{Client, RequestBuilder};

use crate::kit::{Customer, Page, TestShop, eventually};

pub const PASSWORD: &str = "quiet lantern over harbour stones";

pub struct Operator {
    pub email: String,
    browser: Customer,
}

impl Operator {
    /// Adds the operator of a role, called `ROLE@shop.example`, if there is none yet, and signs in with a browser of its own.
    pub async fn signs_in(shop: &TestShop, role: &str) -> Self {
        Self::called(shop, role, role).await
    }

    /// The same of one whom `who` tells from others of that role.
    pub async fn called(shop: &TestShop, who: &str, role: &str) -> Self {
        let operator = Self { email: format!("{who}@shop.example"), browser: shop.customer() };
        let said = shop.command(&["operator", "add", &operator.email, "--role", role], PASSWORD);
        assert!(said.code == 0 || said.stderr.contains("already"), "{said:?}");
        operator.enters_password("").await;
        operator
    }

    /// One who was added before, with a browser at this address.
    pub async fn at(address: &str, email: &str) -> Self {
        let operator = Self { email: email.to_owned(), browser: Customer::of(address) };
        operator.enters_password("").await;
        operator
    }

    /// Fills in the sign-in form; `next` is where to go then.
    pub async fn enters_password(&self, next: &str) -> Page {
        let page = self.posts("/admin/sign-in", &[("email", &self.email), ("password", PASSWORD), ("next", next)]).await;
        assert_eq!(page.status, 303, "{} signs in: {}", self.email, page.body);
        page
    }

    pub async fn opens(&self, address: &str) -> Page {
        self.browser.opens(address).await
    }

    /// Opens a page that must be there, without the marks that rendering leaves between texts.
    pub async fn sees(&self, address: &str) -> Page {
        let page = self.opens(address).await;
        assert_eq!(page.status, 200, "{address}: {}", page.body);
        Page { body: page.body.replace("<!>", ""), ..page }
    }

    pub async fn posts(&self, address: &str, fields: &[(&str, &str)]) -> Page {
        self.browser.posts(address, fields).await
    }

    /// Sends a request of any shape from this browser.
    pub async fn asks(&self, request: impl FnOnce(&Client, &str) -> RequestBuilder) -> Page {
        self.browser.asks(request).await
    }

    /// Posts an empty form as a page of another site does.
    pub async fn sends_from(&self, origin: &str, address: &str) -> Page {
        self.browser.asks(|client, shop| client.post(format!("{shop}{address}")).header("origin", origin).body("a=b")).await
    }

    /// Posts with the password once more, as before money leaves.
    pub async fn confirms(&self, address: &str, fields: &[(&str, &str)]) -> Page {
        self.posts(address, &[fields, &[("password", PASSWORD)]].concat()).await
    }

    /// Listens to an event stream until something is told in it.
    pub async fn hears(&self, address: &str, what: &str) -> String {
        self.browser.listens(address, what).await
    }

    /// An event stream as it begins, whatever its status.
    pub async fn follows(&self, address: &str) -> reqwest::Response {
        self.browser.follows(address).await
    }

    /// Listens to an event stream until it ends; `meanwhile` happens once something was told in it.
    pub async fn hears_its_end(&self, address: &str, meanwhile: impl Future<Output = ()>) {
        self.browser.listens_to_its_end(address, meanwhile).await;
    }
}

impl Operator {
    /// Chooses a file on the page of batches and uploads it.
    pub async fn uploads(&self, file_name: &str, file: impl AsRef<[u8]>) -> Page {
        let head = format!(
            "--line\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\ncontent-type: text/csv\r\n\r\n"
        );
        let body = [head.as_bytes(), file.as_ref(), b"\r\n--line--\r\n"].concat();
        self.sends_upload(body).await
    }

    /// The body of an upload, whole or not.
    pub async fn sends_upload(&self, body: Vec<u8>) -> Page {
        self.browser.sends("/admin/batches", "multipart/form-data; boundary=line", body).await
    }

    /// Uploads a file that is taken, and gives back the address of its run.
    pub async fn brings(&self, file_name: &str, file: impl AsRef<[u8]>) -> String {
        let page = self.uploads(file_name, file).await;
        assert_eq!(page.status, 303, "{}", page.body);
        page.location().expect("the run").to_owned()
    }

    /// Keeps looking at a run until it is in this state.
    pub async fn sees_run(&self, run: &str, state: &str) -> Page {
        eventually(&format!("{run} is {state}"), async || {
            let page = self.sees(run).await;
            (page.attribute("data-batch-state").as_deref() == Some(state)).then_some(page)
        })
        .await
    }

    /// The result of a run: its rows as columns and cells.
    pub async fn result_of(&self, run: &str) -> Vec<std::collections::BTreeMap<String, String>> {
        let page = self.sees(&format!("{run}/result.csv")).await;
        let mut reader = csv::Reader::from_reader(page.body.as_bytes());
        reader.deserialize().map(|row| row.expect("a row")).collect()
    }
}
