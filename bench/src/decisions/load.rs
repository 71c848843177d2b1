//! The load: some connections, each of which sends the next request as soon as the last one was answered.
//!
//! It runs on one thread, and on the same cores as the server. A slow server gets fewer requests.

use super::http::{Answer, Connection, Request};
use anyhow::{Result, ensure};
use futures::future::try_join_all;
use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

/// What is to be sent to a server, and how.
pub struct Load<'a> {
    /// Connections are spread evenly over these.
    pub ports: &'a [u16],
    pub connections: usize,
    pub requests: &'a [Request],
    /// Whether to begin again at the end of the list.
    pub again: bool,
    /// No request is begun later than this.
    pub within: Duration,
    /// Any other status ends the measurement.
    pub expected: u16,
}

/// The measured times of a load.
pub struct Sent {
    pub latencies: Vec<Duration>,
    pub took: Duration,
}

impl Load<'_> {
    /// Sends the load and gives each answer to `take`, with its request's place in the list.
    pub async fn send(&self, take: impl FnMut(usize, Answer)) -> Result<Sent> {
        let connections =
            try_join_all(self.ports.iter().cycle().take(self.connections).map(|port| Connection::open(*port))).await?;
        let (next, latencies, take) = (Cell::new(0), RefCell::new(Vec::new()), RefCell::new(take));
        let started = Instant::now();
        let work = |mut connection: Connection| {
            let (next, latencies, take) = (&next, &latencies, &take);
            async move {
                while let Some((place, request)) = self.request(next.replace(next.get() + 1))
                    && started.elapsed() < self.within
                {
                    let asked = Instant::now();
                    let answer = connection.ask(request).await?;
                    latencies.borrow_mut().push(asked.elapsed());
                    ensure!(answer.status == self.expected, "{} is answered with {}", request.path, answer.told());
                    take.borrow_mut()(place, answer);
                }
                Ok(())
            }
        };
        try_join_all(connections.into_iter().map(work)).await?;
        Ok(Sent { took: started.elapsed(), latencies: latencies.into_inner() })
    }

    fn request(&self, number: usize) -> Option<(usize, &Request)> {
        let place = if self.again { number.checked_rem(self.requests.len())? } else { number };
        Some((place, self.requests.get(place)?))
    }
}
