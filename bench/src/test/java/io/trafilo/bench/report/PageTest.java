package io.trafilo.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PageTest {
    private static final String EVIL = "<script>alert('1')</script> & \"quoted\" \0";
    private static final String ESCAPED =
            "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;quoted&quot; \ufffd";

    @Test
    void shouldEscapeWhenTextHasMarkup() {
        Page page = new Page("title " + EVIL, "subtitle " + EVIL, "command " + EVIL);
        page.note("note " + EVIL);
        page.table(
                "heading " + EVIL, List.of("column " + EVIL), List.of(List.of("row " + EVIL, "cell " + EVIL)), "words");
        page.plot(new Plot("plot " + EVIL, "words " + EVIL, "caption " + EVIL, List.of()));
        String html = page.html("[]");
        for (String part : List.of(
                "title",
                "subtitle",
                "command",
                "note",
                "heading",
                "column",
                "row",
                "cell",
                "plot",
                "words",
                "caption")) {
            assertThat(html).contains(part + " " + ESCAPED);
        }
        assertThat(html.substring(0, html.indexOf("<script"))).doesNotContain("</script", "\"quoted", "alert('");
    }

    @Test
    void shouldLoadNothingAndRunNoOtherScriptWhenOpened() {
        Page page = new Page("title", "subtitle", "command");
        page.plot(new Plot("plot", "words", "caption", List.of()));
        String html = page.html("[]");
        assertThat(html)
                .contains("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-")
                .doesNotContain("url(", "@import", "<link", "<iframe", " src=");
        assertThat(html.split("<script", -1)).hasSize(4);
        assertThat(html).contains("uPlot=function", "document.querySelectorAll(\".plot\")", "MIT License");
    }

    @Test
    void shouldLeaveOutWhatIsEmpty() {
        Page page = new Page("title", "subtitle", "command");
        page.note("");
        page.table("heading", List.of("column"), List.of(), "words");
        assertThat(page.html("[]")).doesNotContain("role=\"note\"", "heading");
    }
}
