//! Counts what is open at one time: a number of places in all, and a number for each taker.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// How many places are taken, by whom.
pub struct Places<K> {
    taken: Mutex<Taken<K>>,
}

struct Taken<K> {
    by: HashMap<K, usize>,
    in_all: usize,
}

/// Why there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Full {
    /// This taker has as many as one may have.
    OfOne,
    InAll,
}

/// A place that was taken. Given back when dropped.
pub struct Place<K: Eq + Hash> {
    of: Arc<Places<K>>,
    taker: K,
}

/// How many places there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Most {
    pub of_one: usize,
    pub in_all: usize,
}

impl<K> Default for Places<K> {
    fn default() -> Self {
        Self { taken: Mutex::new(Taken { by: HashMap::new(), in_all: 0 }) }
    }
}

impl<K: Eq + Hash + Clone> Places<K> {
    pub fn take(self: &Arc<Self>, taker: K, most: Most) -> Result<Place<K>, Full> {
        let mut taken = self.lock();
        if taken.in_all >= most.in_all {
            return Err(Full::InAll);
        }
        let by_taker = taken.by.entry(taker.clone()).or_insert(0);
        if *by_taker >= most.of_one {
            return Err(Full::OfOne);
        }
        *by_taker += 1;
        taken.in_all += 1;
        Ok(Place { of: self.clone(), taker })
    }
}

impl<K> Places<K> {
    fn lock(&self) -> MutexGuard<'_, Taken<K>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash> Drop for Place<K> {
    fn drop(&mut self) {
        let mut taken = self.of.lock();
        taken.in_all = taken.in_all.saturating_sub(1);
        if let Some(by_taker) = taken.by.get_mut(&self.taker) {
            *by_taker = by_taker.saturating_sub(1);
            if *by_taker == 0 {
                taken.by.remove(&self.taker);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_free_again_once_it_is_given_back() {
        let (places, most) = (Arc::new(Places::default()), Most { of_one: 2, in_all: 3 });
        let take = |taker: &'static str| places.take(taker, most);
        let first = take("a").ok();
        let second = take("a").ok();
        assert_eq!(take("a").err(), Some(Full::OfOne));
        let third = take("b").ok();
        assert_eq!(take("b").err(), Some(Full::InAll));
        drop(first);
        assert!(take("c").is_ok() && take("b").is_ok());
        drop((second, third));
        let taken = places.lock();
        assert_eq!((taken.in_all, taken.by.len()), (0, 0), "nobody is remembered");
    }
}
