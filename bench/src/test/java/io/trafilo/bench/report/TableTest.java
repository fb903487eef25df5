package io.trafilo.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableTest {
    @Test
    void shouldTellColumnsAndValuesWhenItIsRead() {
        Panel panel = Table.parse(List.of(
                "# title: growth",
                "# unit: us",
                "# from: somewhere",
                "",
                "keys, Trafilo, plain",
                "1, 2.5, 3",
                "10, , 4"));

        assertThat(panel.title()).isEqualTo("growth");
        assertThat(panel.y()).isEqualTo("us");
        assertThat(panel.x()).isEqualTo("keys");
        assertThat(panel.kind()).isEqualTo(Panel.Kind.LINES);
        assertThat(panel.lines()).extracting(Panel.Line::name).containsExactly("Trafilo", "plain");
        assertThat(panel.lines()).extracting(Panel.Line::xs).containsOnly(List.of(1.0, 10.0));
        assertThat(panel.lines())
                .extracting(Panel.Line::ys)
                .containsExactly(List.of(2.5, Double.NaN), List.of(3.0, 4.0));
    }

    @Test
    void shouldHaveALogarithmicAxisWhenItSpansAHundredfold() {
        Panel panel = Table.parse(List.of("# title: t", "# unit: us", "x,y", "1,2", "100,3"));
        assertThat(panel.kind()).isEqualTo(Panel.Kind.LOG_LINES);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x,y;1,2,3 | line 4: 3 values (expected: 2)",
                "x,y;1,2;1,3 | line 5: its first value is not above that of the line before",
                "x,y;0,2 | line 4: its first value is not above 0",
                "x,y;1,two | line 4: 'two' (expected: a number)",
                "x;1 | line 3: one column",
                "x,y | line 3: the end, and no values",
            })
    void shouldNameTheLineWhenItIsNoTable(String lines, String message) {
        List<String> text = List.of(("# title: t;# unit: u;" + lines).split(";"));

        assertThatThrownBy(() -> Table.parse(text)).hasMessageContaining(message);
    }

    @Test
    void shouldAskForATitleWhenThereIsNone() {
        assertThatThrownBy(() -> Table.parse(List.of("# unit: us", "x,y", "1,2")))
                .hasMessageContaining("# title: ...");
    }
}
