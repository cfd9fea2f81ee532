package io.weft.libraries;

import io.weft.Weft;

import org.apache.logging.log4j.core.Filter;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.appender.AsyncAppender;
import org.apache.logging.log4j.core.config.AppenderRef;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Log4j's asynchronous appender, when its queue is full because the one behind is stuck. */
class Log4jTest implements GateTrial {
    private final Gate gate = new Gate();
    private final LoggerContext context = new LoggerContext("weft");
    private AsyncAppender async;
    private Logger logger;
    private int logging;

    private final class Held extends AbstractAppender {
        Held() {
            super("held", (Filter) null, null, false, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            try {
                gate.pass();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @BeforeEach
    void startContext() {
        var configuration = ConfigurationBuilderFactory.newConfigurationBuilder().build(false);
        context.start(configuration);
        var held = new Held();
        held.start();
        configuration.addAppender(held);
        async =
                AsyncAppender.newBuilder()
                        .setName("async")
                        .setAppenderRefs(
                                new AppenderRef[] {
                                    AppenderRef.createAppenderRef(held.getName(), null, null)
                                })
                        .setConfiguration(configuration)
                        .setBufferSize(1)
                        .build();
        async.start();
        var root = configuration.getRootLogger();
        root.getAppenders().keySet().forEach(root::removeAppender);
        root.addAppender(async, null, null);
        logger = context.getLogger("weft");
    }

    @AfterEach
    void stopContext() {
        gate.open();
        async.stop();
        context.stop();
    }

    @Override
    public Gate gate() {
        return gate;
    }

    @Override
    public String library() {
        return "Log4j 2, AsyncAppender";
    }

    @Override
    public String afterwards() {
        return "the same logger";
    }

    @Override
    public String call(int number) {
        logging++;
        logger.error("{}", number);
        logging--;
        return "answer " + number;
    }

    /** Returns when the appender's thread is stuck and the queue before it full. */
    @Override
    public void shut() throws InterruptedException {
        gate.shut();
        while (gate.waiting() == 0 || async.getQueueRemainingCapacity() > 0) {
            if (async.getQueueRemainingCapacity() > 0) {
                logger.error("held");
            }
            Weft.yieldNow();
        }
    }

    @Override
    public int waiting() {
        return logging;
    }
}
