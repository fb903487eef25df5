package io.trafilo.testing;

import java.lang.reflect.Field;

/** Reaches into private fields, to break what no input can break. */
public final class Parts {
    private Parts() {}

    public static Field field(Object whole, String name) throws ReflectiveOperationException {
        Field field = whole.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    public static Object partOf(Object whole, String name) throws ReflectiveOperationException {
        return field(whole, name).get(whole);
    }
}
