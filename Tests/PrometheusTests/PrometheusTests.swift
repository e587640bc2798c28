import Prometheus
import Testing

@Suite struct PrometheusTests {
    @Test func familiesHaveHelpTypeAndSeries() {
        var text = PrometheusText()
        text.counter("madang_frames_total", "Frames.", 3)
        text.gauge("madang_lag", "Lag.", [([("topic", "a\"b\\")], 1.5), ([("topic", "c")], 2)])
        #expect(
            text.text == """
                # HELP madang_frames_total Frames.
                # TYPE madang_frames_total counter
                madang_frames_total 3
                # HELP madang_lag Lag.
                # TYPE madang_lag gauge
                madang_lag{topic="a\\"b\\\\"} 1.5
                madang_lag{topic="c"} 2

                """)
    }

    @Test func histogramsAreCumulative() {
        var histogram = Histogram()
        for duration in [100, 250, 251, 60_000_000] { histogram.record(microseconds: Int64(duration)) }
        var text = PrometheusText()
        text.histogram("madang_x_seconds", "X.", histogram)
        #expect(text.text.contains("madang_x_seconds_bucket{le=\"0.00025\"} 2\n"))
        #expect(text.text.contains("madang_x_seconds_bucket{le=\"0.0005\"} 3\n"))
        #expect(text.text.contains("madang_x_seconds_bucket{le=\"+Inf\"} 4\n"))
        #expect(text.text.contains("madang_x_seconds_count 4\n"))
        #expect(text.text.contains("madang_x_seconds_sum 60.000601\n"))
    }
}
