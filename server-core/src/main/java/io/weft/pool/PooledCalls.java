package io.weft.pool;

import org.jspecify.annotations.Nullable;

import java.io.InterruptedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;

/**
 * What stands behind an object of {@link ThreadPool#wrap}: makes each call on a thread of the pool.
 * Any thread.
 *
 * @param results the package whose interfaces are wrapped too when a call returns them; null for
 *     none
 */
record PooledCalls(ThreadPool pool, Object target, @Nullable String results)
        implements InvocationHandler {
    static <T> T wrap(ThreadPool pool, Class<T> type, T target, @Nullable String results) {
        if (!type.isInterface()) {
            throw new IllegalArgumentException(
                    "expected an interface to wrap " + target.getClass() + " in, but got " + type);
        }
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        new PooledCalls(pool, target, results)));
    }

    @Override
    public @Nullable Object invoke(
            Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return ofObject(method, arguments);
        }
        if (!Modifier.isPublic(method.getDeclaringClass().getModifiers())) {
            method.trySetAccessible();
        }
        @Nullable Object @Nullable [] plain = unwrapped(arguments);
        try {
            return wrapped(method, pool.apply(() -> method.invoke(target, plain)));
        } catch (ExecutionException e) {
            throw thrown(e);
        } catch (InterruptedException e) {
            throw asDeclared(method, e);
        }
    }

    /** They are asked for by maps and logs, anywhere: never on another thread. */
    private @Nullable Object ofObject(Method method, @Nullable Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "equals" -> arguments != null && isSame(arguments[0]);
            case "hashCode" -> System.identityHashCode(target);
            default ->
                    target.getClass().getName()
                            + "@"
                            + Integer.toHexString(System.identityHashCode(target))
                            + " on threads of a "
                            + pool;
        };
    }

    private boolean isSame(@Nullable Object other) {
        PooledCalls calls = behind(other);
        return calls != null && calls.target == target;
    }

    private static @Nullable PooledCalls behind(@Nullable Object value) {
        return value != null
                        && Proxy.isProxyClass(value.getClass())
                        && Proxy.getInvocationHandler(value) instanceof PooledCalls calls
                ? calls
                : null;
    }

    /** What is given back to whom it came from is what it was there. */
    private static @Nullable Object @Nullable [] unwrapped(
            @Nullable Object @Nullable [] arguments) {
        return arguments == null
                ? null
                : Arrays.stream(arguments).map(PooledCalls::unwrapped).toArray();
    }

    private static @Nullable Object unwrapped(@Nullable Object value) {
        PooledCalls calls = behind(value);
        return calls == null ? value : calls.target;
    }

    private @Nullable Object wrapped(Method method, @Nullable Object value) {
        Class<?> type = method.getReturnType();
        return value != null && type.isInterface() && type.getPackageName().equals(results)
                ? Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        new PooledCalls(pool, value, results))
                : value;
    }

    private static Throwable thrown(ExecutionException failed) {
        Throwable cause = failed.getCause();
        if (cause instanceof InvocationTargetException byTarget) {
            cause = byTarget.getCause();
        }
        return cause == null ? failed : cause;
    }

    /** A proxy makes something useless of an exception that is checked and not declared. */
    private static Exception asDeclared(Method method, InterruptedException kill) {
        if (declares(method, kill.getClass())) {
            return kill;
        }
        Exception said =
                declares(method, InterruptedIOException.class)
                        ? new InterruptedIOException(kill.getMessage())
                        : new CancellationException(kill.getMessage());
        said.initCause(kill);
        return said;
    }

    private static boolean declares(Method method, Class<? extends Exception> type) {
        return Arrays.stream(method.getExceptionTypes())
                .anyMatch(declared -> declared.isAssignableFrom(type));
    }
}
