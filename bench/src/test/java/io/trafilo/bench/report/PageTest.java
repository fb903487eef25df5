package io.trafilo.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PageTest {
    @Test
    void shouldEscapeWhenTheTitleHasMarkup() {
        assertThat(Page.html("<script>alert('1')</script> & \"quoted\"", "{}"))
                .contains("<title>&lt;script&gt;alert('1')&lt;/script&gt; &amp; \"quoted\"</title>")
                .doesNotContain("<script>alert");
    }

    @Test
    void shouldLoadNothingAndRunNoOtherScriptWhenOpened() {
        String html = Page.html("title", "{\"report\":1}");
        assertThat(html)
                .contains("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-")
                .contains("<script type=\"application/json\" id=\"report\">{\"report\":1}</script>")
                .doesNotContain("url(", "@import", "<link", "<iframe", " src=", "%s");
        assertThat(html.split("<script", -1)).hasSize(4);
        assertThat(html).contains("uPlot=function", "document.getElementById(\"report\")", "MIT License");
    }
}
