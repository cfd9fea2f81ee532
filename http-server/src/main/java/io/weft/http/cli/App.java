package io.weft.http.cli;

import io.weft.http.Handler;
import io.weft.http.ReplyHandler;
import io.weft.http.wsgi.Application;
import io.weft.http.wsgi.HeaderMap;
import io.weft.http.wsgi.Wsgi;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Makes a handler of what the user names (gunicorn: {@code module:app}): a class with a constructor
 * that takes nothing, which is a {@link Handler}, a {@link ReplyHandler} or a WSGI {@link
 * Application}, or a {@link Callable} that makes one. What of it is {@link AutoCloseable} is closed
 * when the server has stopped.
 */
final class App implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(App.class);

    private final Handler handler;
    private final List<AutoCloseable> parts; // in the order in which they are closed

    private App(Handler handler, List<AutoCloseable> parts) {
        this.handler = handler;
        this.parts = parts;
    }

    /** One that is there already. */
    static App of(Handler handler) {
        return new App(handler, List.of());
    }

    /**
     * The handler of the class {@code name} on {@code classPath}, beside the jar's own classes. The
     * calling thread has the class path's loader for its context from now on, as have the threads
     * that it makes: libraries look there for what the application has brought, as a driver.
     */
    static App load(String name, List<Path> classPath, HeaderMap headerMap) throws AppException {
        ClassLoader loader = loader(ClassPath.entries(classPath));
        Thread.currentThread().setContextClassLoader(loader);
        Object made = make(find(name, loader));
        var parts = new ArrayList<AutoCloseable>();
        addTo(parts, made);
        Handler handler = asHandler(made, headerMap);
        if (handler == null && made instanceof Callable<?> factory) {
            Object product = call(factory, name);
            addTo(parts, product);
            handler = asHandler(product, headerMap);
        }
        if (handler == null) {
            throw new AppException(
                    AppException.NOT_LOADED,
                    "expected "
                            + name
                            + " to be a Handler, a ReplyHandler, an Application, or a Callable that"
                            + " makes one",
                    null);
        }
        return new App(handler, parts);
    }

    private static void addTo(List<AutoCloseable> parts, @Nullable Object made) {
        if (made instanceof AutoCloseable part && parts.stream().noneMatch(each -> each == part)) {
            parts.addFirst(part);
        }
    }

    Handler handler() {
        return handler;
    }

    /** Closes what the user has named, and what it has made, if they can be closed. */
    @Override
    public void close() {
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                LOG.error("{} cannot be closed: {}", part.getClass().getName(), e.toString(), e);
            }
        }
    }

    private static ClassLoader loader(List<Path> entries) throws AppException {
        var urls = new ArrayList<URL>();
        for (Path entry : entries) {
            try {
                urls.add(entry.toUri().toURL());
            } catch (MalformedURLException e) {
                throw new AppException(
                        AppException.NOT_LOADED, entry + " cannot be on a class path", e);
            }
        }
        // never closed: the application lives as long as the process
        return new URLClassLoader(urls.toArray(URL[]::new), App.class.getClassLoader());
    }

    private static Class<?> find(String name, ClassLoader loader) throws AppException {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException | LinkageError e) {
            throw new AppException(
                    AppException.NOT_LOADED,
                    "there is no class " + name + " on the class path (--class-path)",
                    e);
        }
    }

    private static Object make(Class<?> type) throws AppException {
        Constructor<?> constructor;
        try {
            constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
        } catch (NoSuchMethodException | RuntimeException e) {
            throw new AppException(
                    AppException.NOT_LOADED,
                    "expected " + type.getName() + " to have a constructor that takes nothing",
                    e);
        } catch (LinkageError e) {
            throw new AppException(
                    AppException.NOT_LOADED,
                    type.getName() + " needs what is not on the class path: " + line(e),
                    e);
        }
        try {
            return constructor.newInstance();
        } catch (InvocationTargetException e) {
            throw failed(type.getName(), e.getCause());
        } catch (ReflectiveOperationException | LinkageError e) {
            throw failed(type.getName(), e);
        }
    }

    private static @Nullable Object call(Callable<?> factory, String name) throws AppException {
        try {
            return factory.call();
        } catch (Exception | LinkageError e) {
            throw failed(name, e);
        }
    }

    private static AppException failed(String name, @Nullable Throwable cause) {
        Throwable reason = cause;
        while ((reason instanceof ExceptionInInitializerError
                        || reason instanceof InvocationTargetException)
                && reason.getCause() != null) {
            reason = reason.getCause();
        }
        return new AppException(
                AppException.FAILED_TO_START, name + " failed to start: " + line(reason), cause);
    }

    /** Of what it says, the first line. */
    private static String line(@Nullable Throwable reason) {
        return String.valueOf(reason).lines().findFirst().orElse("");
    }

    private static @Nullable Handler asHandler(@Nullable Object made, HeaderMap headerMap) {
        return switch (made) {
            case null -> null;
            case Handler handler -> handler;
            case ReplyHandler replies -> replies.asHandler();
            case Application application -> Wsgi.handler(application).headerMap(headerMap);
            default -> null;
        };
    }
}
