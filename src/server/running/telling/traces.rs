//! Traces: requests and calls to the platform as spans, for a collector that understands OTLP over HTTP
//! (`OTEL_EXPORTER_OTLP_ENDPOINT`). Nothing waits for it: spans that it does not take are lost.

use std::time::Duration;

use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithExportConfig};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tracing::{Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{Layer, registry::LookupSpan};
use url::Url;

/// What is on its way to the collector. Dropped, it sends what is left, and waits a moment for it.
pub struct Traces(SdkTracerProvider);

const COLLECTOR_ANSWERS_WITHIN: Duration = Duration::from_secs(5);
/// When the shop stops.
const REST_IS_SENT_WITHIN: Duration = Duration::from_secs(1);

impl Traces {
    /// Error: no HTTPS on this computer.
    pub fn to(collector: &Url) -> Result<Self, ExporterBuildError> {
        let address = format!("{}/v1/traces", collector.as_str().trim_end_matches('/'));
        let exporter = SpanExporter::builder().with_http().with_endpoint(address).with_timeout(COLLECTOR_ANSWERS_WITHIN).build()?;
        let resource = Resource::builder().with_service_name(env!("CARGO_PKG_NAME")).build();
        Ok(Self(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build()))
    }

    /// Makes spans of those of the log, whatever the log itself is told to leave out.
    pub fn layer<S: Subscriber + for<'a> LookupSpan<'a>>(&self) -> impl Layer<S> + use<S> {
        let spans = tracing_opentelemetry::layer().with_tracer(self.0.tracer(env!("CARGO_PKG_NAME")));
        spans.with_threads(false).with_filter(LevelFilter::INFO)
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        let _ = self.0.shutdown_with_timeout(REST_IS_SENT_WITHIN); // nothing can be done about a collector that does not answer
    }
}
