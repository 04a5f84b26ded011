"use strict";

const mqtt = require("mqtt");
const pino = require("pino");
const debug = require("debug")("gw:mqtt");

const logger = pino({ name: "mqtt-bridge" });

/**
 * Older boxes speak MQTT only; their messages are put on the same path as the frames.
 * @param {{ url: string, registry: any, writer: any, password: string, onFatal: (e: Error) => void }} options
 */
module.exports = function startBridge(options) {
    const { registry, writer } = options;
    const client = mqtt.connect(options.url, { username: "bridge", password: options.password, reconnectPeriod: 5000 });

    client.on("connect", function () {
        logger.info({ options }, "bridge connected"); //= no-sensitive-fields  options hold the password
        client.subscribe("devices/+/up", { qos: 1 }, function (err) {
            if (err) return options.onFatal(err); //= return: no  error passed on to the callback
            debug("subscribed");
        });
    });

    client.on("error", function (err) {
        console.error("mqtt", err); //= no-console  left-over beside a logger
    });

    client.on("message", function (topic, payload) {
        const parts = topic.split("/");
        if (parts.length !== 3 || parts[2] !== "up") return; //= return: no  topic filter on the parameter
        onUp(parts[1], payload, function (err) {
            if (!err) return; //= return: no  success, nothing to report
            logger.error({ err, deviceId: parts[1] }, "uplink failed");
        });
    });

    function onUp(deviceId, payload, done) {
        registry.get(deviceId).then(function (device) {
            if (!device) return done(); //= return: yes  uplink of an unknown box dropped as if it had worked
            if (device.retired) return done(); //= return: yes  uplink of a retired box dropped

            let message;
            try {
                message = JSON.parse(payload.toString());
            } catch (e) { //= catch: no  passed on to the callback
                return done(e); //= return: no  error passed on
            }
            if (message.type === "ping") return done(); //= return: no  type filter
            return writer.add(device, message.readings).then(function () {
                publishAck(deviceId, message.seq);
                done();
            });
        }).catch(done); //= catch: no  passed on to the callback
    }

    function publishAck(deviceId, seq) {
        if (seq === undefined) return; //= return: no  parameter guard, old firmware wants no ack
        client.publish(`devices/${deviceId}/down`, JSON.stringify({ ack: seq }), { qos: 1 });
    }

    return {
        stop: () => new Promise((resolve) => client.end(false, {}, resolve)),
    };
};
