//! Charts drawn on the server. Each has a name for screen readers, and its words stand outside the picture, so that they keep
//! their size on a phone. Series differ by pattern, not by colour alone. The numbers stand in a table beside the chart.

use leptos::prelude::*;

/// Upwards what came, downwards what went, in any unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    pub came: i128,
    pub went: i128,
}

/// One bar of several that are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    pub label: String,
    pub value: i128,
    /// The value in words.
    pub shown: String,
}

/// Units of the picture; it is stretched to the space there is.
const WIDTH: i128 = 7200;
const HEIGHT: i128 = 1600;

/// Two series by day.
#[component]
pub fn DaysChart(
    /// What the picture shows, in a sentence.
    #[prop(into)]
    name: String,
    /// Unique on the page.
    #[prop(into)]
    id: String,
    days: Vec<Day>,
    /// What came and what went, and the most of each in words.
    came: (&'static str, String),
    went: (&'static str, String),
    first: String,
    last: String,
) -> impl IntoView {
    let most = |of: fn(&Day) -> i128| days.iter().map(of).max().unwrap_or_default().max(0);
    let (most_came, most_went) = (most(|day| day.came), most(|day| day.went));
    let all = (most_came + most_went).max(1);
    let axis = HEIGHT * most_came / all;
    let count = i128::try_from(days.len()).unwrap_or(1).max(1);
    let hatch = format!("{id}-hatch");
    let fill = format!("url(#{hatch})");
    let bars = (0..).zip(&days).map(|(place, day): (i128, &Day)| {
        let (x, end) = (WIDTH * place / count, WIDTH * (place + 1) / count);
        let width = ((end - x) * 4 / 5).max(1);
        // Something that is there is seen, however small.
        let tall = |value: i128| if value > 0 { (HEIGHT * value / all).max(8) } else { 0 };
        let (up, down) = (tall(day.came), tall(day.went));
        let rect = move |class, y: i128, height: i128, fill: Option<String>| {
            (height > 0).then(|| {
                let [x, y, width, height] = [x, y, width, height].map(|number| number.to_string());
                view! { <rect class=class x=x y=y width=width height=height fill=fill/> }
            })
        };
        view! {
            {rect("came", axis - up, up, None)}
            {rect("went", axis, down, Some(fill.clone()))}
        }
    });
    let bars = bars.collect_view();
    let axis = axis.to_string();
    view! {
        <figure class="chart" role="img" aria-label=name>
            <p class="chart-key">
                <span><span class="swatch came"></span>{came.0}", at most "{came.1}</span>
                <span><span class="swatch went"></span>{went.0}", at most "{went.1}</span>
            </p>
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" aria-hidden="true" focusable="false">
                <defs>
                    <pattern id=hatch width="40" height="40" patternUnits="userSpaceOnUse">
                        <path class="hatch" d="M-10,10 l20,-20 M0,40 l40,-40 M30,50 l20,-20"></path>
                    </pattern>
                </defs>
                {bars}
                <line class="axis" x1="0" x2=WIDTH.to_string() y1=axis.clone() y2=axis></line>
            </svg>
            <p class="chart-ends"><span>{first}</span><span>{last}</span></p>
        </figure>
    }
}

/// Bars beside each other, the longest the full width.
#[component]
pub fn BarsChart(
    /// What the picture shows, in a sentence.
    #[prop(into)]
    name: String,
    bars: Vec<Bar>,
) -> impl IntoView {
    let most = bars.iter().map(|bar| bar.value).max().unwrap_or_default().max(1);
    let rows = bars.into_iter().map(|bar| {
        let width = (1000 * bar.value.max(0) / most).max(if bar.value > 0 { 4 } else { 0 }).to_string();
        view! {
            <div class="bar-row">
                <span>{bar.label}</span>
                <svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                    <rect class="came" x="0" y="0" width=width height="10"></rect>
                </svg>
                <span class="number">{bar.shown}</span>
            </div>
        }
    });
    view! { <figure class="chart bars" role="img" aria-label=name>{rows.collect_view()}</figure> }
}
