package io.trafilo.bench.report;

/** HTML as it is written, with every text escaped. */
final class Html {
    private final StringBuilder out = new StringBuilder(1 << 16);

    /** Markup as it is: nothing of it may come from outside. */
    Html raw(String markup) {
        out.append(markup);
        return this;
    }

    Html text(String text) {
        out.append(escape(text));
        return this;
    }

    Html element(String tag, String text) {
        return raw("<" + tag + ">").text(text).raw("</" + tag + ">\n");
    }

    Html cell(String text) {
        return raw("<td>").text(text).raw("</td>");
    }

    Html rowHeading(String text) {
        return raw("<th scope=\"row\">").text(text).raw("</th>");
    }

    /** The heading of a column, with a unit that is left out when it is empty. */
    Html columnHeading(String text, String unit) {
        raw("<th scope=\"col\">").text(text);
        if (!unit.isEmpty()) {
            raw(" <span class=\"unit\">").text(unit).raw("</span>");
        }
        return raw("</th>");
    }

    @Override
    public String toString() {
        return out.toString();
    }

    /** The text with nothing in it that HTML gives a meaning to, in an element or in a quoted attribute. */
    private static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                case '\n', '\t' -> out.append(c);
                default -> out.append(Character.isISOControl(c) ? '\ufffd' : c);
            }
        }
        return out.toString();
    }
}
