package io.weft.libraries;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMsg;

import java.util.ArrayList;

/** JeroMQ: a REQ socket for each call, and a ROUTER that answers. */
class JeroMqTest implements Trial {
    private final ZContext context = new ZContext();
    private volatile boolean isShut;
    private volatile int waiting;
    private volatile boolean isOver;
    private int port;
    private Thread router;

    @BeforeEach
    void startRouter() {
        var socket = context.createSocket(SocketType.ROUTER);
        port = socket.bindToRandomPort("tcp://127.0.0.1");
        socket.setReceiveTimeOut(5);
        router = Thread.ofPlatform().name("router").start(() -> route(socket));
    }

    private void route(ZMQ.Socket socket) {
        var keptBack = new ArrayList<ZMsg>();
        while (!isOver) {
            ZMsg request = ZMsg.recvMsg(socket);
            if (request != null) keptBack.add(request);
            if (!isShut) {
                for (ZMsg answer : keptBack) {
                    String number = answer.pollLast().toString();
                    answer.addLast("answer " + number);
                    answer.send(socket);
                }
                keptBack.clear();
            }
            waiting = keptBack.size();
        }
    }

    @AfterEach
    void stopRouter() throws Exception {
        isOver = true;
        router.join();
        context.close();
    }

    @Override
    public String library() {
        return "JeroMQ";
    }

    @Override
    public String afterwards() {
        return "the same context";
    }

    @Override
    public String call(int number) {
        try (var socket = context.createSocket(SocketType.REQ)) {
            socket.connect("tcp://127.0.0.1:" + port);
            socket.send(Integer.toString(number));
            return socket.recvStr();
        }
    }

    @Override
    public void shut() {
        isShut = true;
    }

    @Override
    public void open() {
        isShut = false;
    }

    @Override
    public int waiting() {
        return waiting;
    }
}
