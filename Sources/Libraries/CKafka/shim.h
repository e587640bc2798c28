#pragma once
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/// Produces one message; key and value are copied. `spans` holds four numbers a header (name start, name bytes, value
/// start, value bytes; value bytes UINT32_MAX means a null value) into `headerBytes`. rd_kafka_producev is variadic,
/// which Swift does not import; it has no error object to destroy.
static inline rd_kafka_resp_err_t madang_kafka_produce(
    rd_kafka_t *rk, rd_kafka_topic_t *rkt, int32_t partition, const void *key, size_t keyBytes, const void *value,
    size_t valueBytes, const uint8_t *headerBytes, const uint32_t *spans, size_t headerCount, void *token) {
    rd_kafka_headers_t *headers = rd_kafka_headers_new(headerCount);
    for (size_t i = 0; i < headerCount; i++) {
        const uint32_t *span = spans + 4 * i;
        int isNull = span[3] == UINT32_MAX;
        rd_kafka_header_add(
            headers, (const char *)headerBytes + span[0], (ssize_t)span[1], isNull ? NULL : headerBytes + span[2],
            isNull ? 0 : (ssize_t)span[3]);
    }
    rd_kafka_resp_err_t error = rd_kafka_producev(
        rk, RD_KAFKA_V_RKT(rkt), RD_KAFKA_V_PARTITION(partition), RD_KAFKA_V_KEY((void *)key, keyBytes),
        RD_KAFKA_V_VALUE((void *)value, valueBytes), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
        RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_OPAQUE(token), RD_KAFKA_V_END);
    // The headers become librdkafka's only where the message was taken.
    if (error) rd_kafka_headers_destroy(headers);
    return error;
}

/// One (error, delay) pair for the next request of `apiKey` to a mock broker; the original is variadic.
static inline rd_kafka_resp_err_t madang_kafka_push_error(
    rd_kafka_mock_cluster_t *cluster, int32_t broker, int16_t apiKey, int32_t error, int delayMilliseconds) {
    return rd_kafka_mock_broker_push_request_error_rtts(
        cluster, broker, apiKey, 1, (rd_kafka_resp_err_t)error, delayMilliseconds);
}

/// A non-blocking eventfd, or -1.
static inline int madang_kafka_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

/// bind(2) itself, beside the `bind` that EmbeddedKafka puts before it. syscall(2) is variadic.
static inline int madang_kafka_bind(int descriptor, const struct sockaddr *address, socklen_t bytes) {
    return (int)syscall(SYS_bind, descriptor, address, bytes);
}
