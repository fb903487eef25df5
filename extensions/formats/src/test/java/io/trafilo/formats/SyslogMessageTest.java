package io.trafilo.formats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafilo.formats.SyslogMessage.Format;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SyslogMessageTest {
    private final SyslogMessage message = new SyslogMessage();
    private final SyslogMessage lenient = SyslogMessage.lenient();

    private static boolean wrap(SyslogMessage view, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        byte[] buffer = new byte[bytes.length + 6];
        System.arraycopy(bytes, 0, buffer, 3, bytes.length);
        return view.wrap(buffer, 3, bytes.length);
    }

    /** Time, host, app, process and text; what is missing is {@code -}. */
    private static String summary(SyslogMessage view) {
        StringBuilder all = new StringBuilder();
        for (Slice part : new Slice[] {view.timestamp(), view.host(), view.app(), view.process()}) {
            all.append(part.isEmpty() ? "-" : part.text()).append('|');
        }
        return all.append(view.hasMessage() ? view.message().text() : "-").toString();
    }

    @Test
    void shouldGiveEachPartWhenItIsOfRfc5424() {
        String text =
                "<165>1 2024-05-06T07:08:09.25Z gw1 dhcpd 812 LEASE [a@1 k=\"1\" j=\"a\\\"\\\\\\]\\n\"][b] \uFEFFgiven";

        assertThat(wrap(message, text)).isTrue();
        assertThat(message.format()).isEqualTo(Format.RFC5424);
        assertThat(message.hasPriority()).isTrue();
        assertThat(message.facility()).isEqualTo(20);
        assertThat(message.severity()).isEqualTo(5);
        assertThat(message.version()).isEqualTo(1);
        assertThat(summary(message)).isEqualTo("2024-05-06T07:08:09.25Z|gw1|dhcpd|812|given");
        assertThat(message.messageId().text()).isEqualTo("LEASE");
        assertThat(message.hasBom()).isTrue();
        assertThat(message.elementCount()).isEqualTo(2);
        assertThat(message.elementId(0).text()).isEqualTo("a@1");
        assertThat(message.paramCount(0)).isEqualTo(2);
        assertThat(message.paramName(0, 1).text()).isEqualTo("j");
        assertThat(message.paramValue(0, 0).text()).isEqualTo("1");
        assertThat(message.paramValue(0, 1).text()).isEqualTo("a\"\\]\\n");
        assertThat(message.elementId(1).text()).isEqualTo("b");
        assertThat(message.paramCount(1)).isZero();
    }

    @Test
    void shouldForgetTheLastMessageWhenTheNextIsMalformed() {
        wrap(message, "<165>1 2024-05-06T07:08:09Z gw1 dhcpd 812 LEASE [a@1 k=\"1\"] \uFEFFgiven");

        assertThat(wrap(message, "<165>1 2024-05-06T07:08:09Z gw1 dhcpd 812 LEASE [a@1 k=\"1\""))
                .isFalse();
        assertThat(summary(message)).isEqualTo("-|-|-|-|-");
        assertThat(message.messageId().isEmpty()).isTrue();
        assertThat(message.elementCount()).isZero();
        assertThat(message.hasPriority()).isFalse();
        assertThat(message.hasBom()).isFalse();
        assertThatThrownBy(() -> message.paramCount(0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void shouldTellAMissingTextFromAnEmptyOne() {
        wrap(message, "<0>1 - - - - - -");
        assertThat(message.hasMessage()).isFalse();
        assertThat(wrap(message, "<0>1 - - - - - - ")).isTrue();
        assertThat(message.hasMessage()).isTrue();
        assertThat(message.message().isEmpty()).isTrue();
    }

    @Test
    void shouldHoldAnyNumberOfElementsAndParameters() {
        StringBuilder text = new StringBuilder("<0>1 - - - - - ");
        for (int i = 0; i < 50; i++) {
            text.append("[e")
                    .append(i)
                    .append(" a=\"")
                    .append(i)
                    .append("\" b=\"\\")
                    .append("\"\"]");
        }

        assertThat(wrap(message, text.toString())).isTrue();
        assertThat(message.elementCount()).isEqualTo(50);
        assertThat(message.elementId(49).text()).isEqualTo("e49");
        assertThat(message.paramValue(49, 0).text()).isEqualTo("49");
        assertThat(message.paramValue(49, 1).text()).isEqualTo("\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-02-29T23:59:59.123456-23:59",
                "2000-02-29T00:00:00Z",
                "0000-01-01T00:00:00-00:00",
                "9999-12-31T23:59:59.0+00:00"
            })
    void shouldTakeATimeOfRfc5424(String time) {
        assertThat(wrap(message, "<0>1 " + time + " - - - - -")).isTrue();
        assertThat(message.timestamp().text()).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2023-02-29T00:00:00Z",
                "1900-02-29T00:00:00Z",
                "2024-00-01T00:00:00Z",
                "2024-13-01T00:00:00Z",
                "2024-04-31T00:00:00Z",
                "2024-01-00T00:00:00Z",
                "2024-01-01T24:00:00Z",
                "2024-01-01T00:60:00Z",
                "2024-01-01T00:00:60Z",
                "2024-01-01T00:00:00",
                "2024-01-01T00:00:00.Z",
                "2024-01-01T00:00:00.1234567Z",
                "2024-01-01t00:00:00Z",
                "2024-01-01T00:00:00z",
                "2024-01-01T00:00:00+24:00",
                "2024-01-01T00:00:00+00:60",
                "2024-01-01T00:00:00+0000",
                "2024-01-01T00:00:00+00",
                "2024-1-01T00:00:00Z",
                "24-01-01T00:00:00Z",
                "x",
                "2024-01-01T00:00:00Zx",
                "2024-01-01"
            })
    void shouldRefuseATimeThatIsNoneOfRfc5424(String time) {
        assertThat(wrap(message, "<0>1 " + time + " - - - - -")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "<",
                "<30",
                "<>",
                "<30>",
                "<x>y",
                "<192>1 - - - - - -",
                "<1234>1 - - - - - -",
                "<00>1 - - - - - -",
                "<013>1 - - - - - -",
                "<30>2 - - - - - -",
                "<30>01 - - - - - -",
                "<30>1",
                "<30>1 ",
                "<30>1 - - - - -",
                "<30>1 - - - - - ",
                "<30>1 - - - - - x",
                "<30>1 - - - - - -x",
                "<30>1  - - - - -",
                "<30>1 - h\u0001 - - - -",
                "<30>1 - hö - - - -",
                "<30>1 - h\u007f - - - -",
                "<30>1 - - - - - []",
                "<30>1 - - - - - [a@1 ]",
                "<30>1 - - - - - [ a@1]",
                "<30>1 - - - - - [a@1  k=\"1\"]",
                "<30>1 - - - - - [a@1 k=1]",
                "<30>1 - - - - - [a@1 k]",
                "<30>1 - - - - - [a@1 =\"1\"]",
                "<30>1 - - - - - [a@1 k=\"]\"]",
                "<30>1 - - - - - [a@1 k=\"1\\\"]",
                "<30>1 - - - - - [a@1 k=\"1\"",
                "<30>1 - - - - - [a@1 k=\"1\"]x",
                "<30>1 - - - - - [a@1][a@1]",
                "<30>1 - - - - - [a\"b]",
                "<30>1 - - - - - [a=b]",
                "81 <30>1 - - - - - -",
                "Use the BFG!",
                "2024-05-06T07:08:09Z gw1 su: x",
                "<30>2024-05-06 07:08:09 gw1 su: x"
            })
    void shouldRefuseWhatIsMalformed(String text) {
        assertThat(wrap(message, text)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "255, 48, 128, 32, true",
        "256, 1, 1, 1, false",
        "1, 49, 1, 1, false",
        "1, 1, 129, 1, false",
        "1, 1, 1, 33, false"
    })
    void shouldHoldToTheLengthsOfFields(int host, int app, int process, int messageId, boolean valid) {
        String text = "<0>1 - " + "h".repeat(host) + " " + "a".repeat(app) + " " + "p".repeat(process) + " "
                + "m".repeat(messageId) + " -";

        assertThat(wrap(message, text)).isEqualTo(valid);
        assertThat(wrap(lenient, text)).isTrue();
        assertThat(lenient.host().length()).isEqualTo(host);
    }

    @ParameterizedTest
    @CsvSource({"32, true", "33, false"})
    void shouldHoldToTheLengthOfNames(int length, boolean valid) {
        String name = "n".repeat(length);

        assertThat(wrap(message, "<0>1 - - - - - [" + name + "]")).isEqualTo(valid);
        assertThat(wrap(message, "<0>1 - - - - - [a " + name + "=\"\"]")).isEqualTo(valid);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '`',
            value = {
                "<34>Oct 11 22:14:15 gw1 su: 'su root' failed! Oct 11 22:14:15|gw1|su|-|'su root' failed",
                "<34>Oct  1 22:14:15 gw1 su[77]: x! Oct  1 22:14:15|gw1|su|77|x",
                "<34>Oct 1 22:14:15 gw1 su[77] x! Oct 1 22:14:15|gw1|su|77|x",
                "<34>Oct 01 22:14:15 gw1 su:x! Oct 01 22:14:15|gw1|su|-|x",
                "Oct 11 22:14:15 gw1 su: x! Oct 11 22:14:15|gw1|su|-|x",
                "<34>Oct 11 22:14:15 gw1 app[web.1]:! Oct 11 22:14:15|gw1|app|web.1|",
                "<34>Oct 11 22:14:15 gw1 kernel: [1.5] usb! Oct 11 22:14:15|gw1|kernel|-|[1.5] usb",
                "<34>Oct 11 22:14:15 gw1 postfix/smtpd[5]: x! Oct 11 22:14:15|gw1|postfix/smtpd|5|x",
                "<34>Oct 11 22:14:15 2001:db8::7 su: x! Oct 11 22:14:15|2001:db8::7|su|-|x",
                "<34>Oct 11 22:14:15 ::1 su: x! Oct 11 22:14:15|::1|su|-|x",
                "<34>Oct 11 22:14:15 [2001:db8::7] su: x! Oct 11 22:14:15|[2001:db8::7]|su|-|x",
                "<34>Oct 11 22:14:15 fe80::1%eth0 su: x! Oct 11 22:14:15|fe80::1%eth0|su|-|x",
                "<34>Oct 11 22:14:15 systemd[1]: up! Oct 11 22:14:15|-|systemd|1|up",
                "<34>Oct 11 22:14:15 CRON: (root) CMD! Oct 11 22:14:15|-|CRON|-|(root) CMD",
                "<34>Oct 11 22:14:15 cafe: x! Oct 11 22:14:15|-|cafe|-|x",
                "<34>Oct 11 22:14:15 - su: x! Oct 11 22:14:15|-|su|-|x",
                "<34>Oct 11 22:14:15 gw1 no tag here! Oct 11 22:14:15|gw1|-|-|no tag here",
                "<34>Oct 11 22:14:15 gw1 12:30 lunch! Oct 11 22:14:15|gw1|-|-|12:30 lunch",
                "<34>Oct 11 22:14:15 gw1 {\"a\":1}! Oct 11 22:14:15|gw1|-|-|{\"a\":1}",
                "<34>Oct 11 22:14:15 gw1 su[77! Oct 11 22:14:15|gw1|-|-|su[77",
                "<34>Oct 11 22:14:15 it's broken! Oct 11 22:14:15|-|-|-|it's broken",
                "<34>Oct 11 22:14:15 gw1! Oct 11 22:14:15|gw1|-|-|",
                "<34>Oct 11 22:14:15! Oct 11 22:14:15|-|-|-|",
                "<34>Oct 11 22:14:15 last message repeated 3 times! Oct 11 22:14:15|-|-|-|last message repeated 3 times",
                "<34>Oct 11 22:14:15 gw1 last message repeated 3 times! Oct 11 22:14:15|gw1|-|-|last message repeated 3 times",
                "<34>Oct 11 22:14:15 Message forwarded from gw1: su: x! Oct 11 22:14:15|gw1|su|-|x",
                "<34>Oct 11 22:14:15 Message forwarded from! Oct 11 22:14:15|Message|-|-|forwarded from",
                "<166>Jul 14 2013 16:44:40 fw1 : %ASA-6-302013: Built! Jul 14 2013 16:44:40|fw1|%ASA-6-302013|-|Built",
                "<166>Jul 14 2013 16:44:40: %ASA-6-302013: Built! Jul 14 2013 16:44:40|-|%ASA-6-302013|-|Built",
                "<166>:Jul 14 16:44:40 UTC: %ASA-6-302013: Built! Jul 14 16:44:40|-|%ASA-6-302013|-|Built",
                "<166>%ASA-6-302013: Built! -|-|%ASA-6-302013|-|Built",
                "<166>:%ASA-6-302013: Built! -|-|%ASA-6-302013|-|Built",
                "<34>Oct 11 22:14:15 gw1: %SYS-5-X: m! Oct 11 22:14:15|gw1|%SYS-5-X|-|m",
                "<189>45: *Mar  1 18:46:11.123 UTC: %SYS-5-X: m! Mar  1 18:46:11.123|-|%SYS-5-X|-|m",
                "<189>45: gw1: .Mar  1 18:46:11: %SYS-5-X: m! Mar  1 18:46:11|gw1|%SYS-5-X|-|m",
                "<189>45: %SYS-5-X: m! -|-|%SYS-5-X|-|m",
                "<189>: 2024 Oct  9 22:14:15 UTC: %SYS-5-X: m! 2024 Oct  9 22:14:15|-|%SYS-5-X|-|m",
                "<13>Use the BFG! -|-|-|-|Use the BFG",
                "<13>3 files found! -|-|-|-|3 files found",
                "<13>su: x! -|-|su|-|x",
                "<13>Feb 30 22:14:15 gw1 su: x! -|-|-|-|Feb 30 22:14:15 gw1 su: x",
                "<13>Oct 11 24:14:15 gw1 su: x! -|-|-|-|Oct 11 24:14:15 gw1 su: x",
                "<13>Oct 11 22:14:60 gw1 su: x! -|-|-|-|Oct 11 22:14:60 gw1 su: x",
                "<13>Oct 11 22:14:15x su: x! -|-|-|-|Oct 11 22:14:15x su: x",
            })
    void shouldReadRfc3164AsItIsSent(String text, String parts) {
        assertThat(wrap(message, text)).isTrue();
        assertThat(message.format()).isEqualTo(Format.RFC3164);
        assertThat(message.version()).isZero();
        assertThat(summary(message)).isEqualTo(parts);
        assertThat(wrap(lenient, text)).isTrue();
        assertThat(summary(lenient)).isEqualTo(parts);
    }

    @Test
    void shouldAssumeUserAndNoticeWhenThereIsNoPriority() {
        assertThat(wrap(message, "Oct 11 22:14:15 gw1 su: x")).isTrue();
        assertThat(message.hasPriority()).isFalse();
        assertThat(message.facility()).isEqualTo(1);
        assertThat(message.severity()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '`',
            value = {
                "<30>2024-05-06T07:08:09.123456789+02:00 gw1 su[1]: x! 2024-05-06T07:08:09.123456789+02:00|gw1|su|1|x",
                "<30>2024-05-06 07:08:09 gw1 su: x! 2024-05-06 07:08:09|gw1|su|-|x",
                "2024-05-06T07:08:09Z gw1 su: x! 2024-05-06T07:08:09Z|gw1|su|-|x",
                "<013>1 2024-05-06T07:08:60z gw1 su 1 - - x! 2024-05-06T07:08:60z|gw1|su|1|x",
                "<30>2 - gw1 su 1 - - x! -|gw1|su|1|x",
                "<30>1 - hö su 1 - - x! -|hö|su|1|x",
                "<30>1 - h su 1 - [a k=\"]\"][a  k=\"\" ]x! -|h|su|1|x",
                "<30>1 - h su 1 - [a k=\"x! -|h|su|1|[a k=\"x",
                "<30>1 - h su 1 - text! -|h|su|1|text",
                "81 <30>Oct 11 22:14:15 gw1 su: x! Oct 11 22:14:15|gw1|su|-|x",
                "<999>su: x! -|-|-|-|<999>su: x",
                "any text! -|-|-|-|any text",
                "<30>! -|-|-|-|",
            })
    void shouldTakeWhatMostReceiversTakeWhenLenient(String text, String parts) {
        assertThat(wrap(lenient, text)).isTrue();
        assertThat(summary(lenient)).isEqualTo(parts);
        assertThat(wrap(message, text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<30>1 2024-13-06T07:08:09Z h su 1 - - x", "<30>1 - h su", "<30>0 - - - - - -"})
    void shouldRefuseWhatSaysNothingWhenLenient(String text) {
        assertThat(wrap(lenient, text)).isFalse();
    }

    @Test
    void shouldRefuseMoreElementsThanItComparesWithEachOther() {
        StringBuilder text = new StringBuilder("<30>1 - h su 1 - ");
        for (int i = 0; i < SyslogMessage.MOST_ELEMENTS; i++) {
            text.append("[e").append(i).append(']');
        }
        assertThat(wrap(message, text.toString())).isTrue();
        assertThat(message.elementCount()).isEqualTo(SyslogMessage.MOST_ELEMENTS);
        assertThat(wrap(message, text.append("[more]").toString())).isFalse();
    }
}
