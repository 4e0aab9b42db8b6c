// Made from the API's own OpenAPI document by packages/e2e/test/client/paths.test.ts, which fails when they differ.
// Write it again with: npm test -- client/paths -u

export interface paths {
    "/api/alert-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The alert rules of a site with their states */
        get: {
            parameters: {
                query?: {
                    siteId?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description By name. */
                            items: {
                                cooldown_seconds: number;
                                /** @description ISO 8601, UTC. */
                                created_at: string;
                                enabled: boolean;
                                evaluated_at: string | null;
                                filter: {
                                    destination_id: string | null;
                                    webhook_type: ("custom" | "hubspot" | "salesforce" | "slack" | "discord") | null;
                                };
                                id: string;
                                /** @enum {unknown} */
                                kind: "failure_rate" | "dead_letters" | "destination_disabled" | "queue_age" | "not_draining";
                                /** @description What was told last. */
                                last_alert: {
                                    /** @description ISO 8601, UTC. */
                                    at: string;
                                    /** @description The delivery that tells of it. */
                                    delivery_id: string | null;
                                    email: {
                                        /** @description Why the last try failed. */
                                        error: string | null;
                                        /** @enum {unknown} */
                                        state: "waiting" | "sent" | "failed";
                                    } | null;
                                    /** @enum {unknown} */
                                    phase: "firing" | "resolved" | "test";
                                } | null;
                                /** @description When it last began to fire. */
                                last_fired_at: string | null;
                                last_resolved_at: string | null;
                                /** @description What was found last; null before, or when too little was there to say. */
                                last_value: number | null;
                                minimum_count: number | null;
                                name: string;
                                notify: {
                                    destination_id: string | null;
                                    email: string[];
                                };
                                /** @description Why an alert of it would not arrive, or why it never fires. */
                                problem: ("nobody_is_told" | "destination_paused" | "destination_disabled" | "email_not_configured" | "watched_destination_gone") | null;
                                siteId: number;
                                /**
                                 * @description resolved: it has fired, and that is over.
                                 * @enum {unknown}
                                 */
                                state: "ok" | "firing" | "resolved";
                                /** @description Null where the kind has none, as for all limits. */
                                threshold: number | null;
                                /** @description ISO 8601, UTC. */
                                updated_at: string;
                                window_seconds: number | null;
                            }[];
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Create an alert rule
         * @description A worker evaluates the rule about every 15 s. It notifies once when the rule fires, and once when the rule is resolved.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description After it was told that it fires, so long nothing is told of it again; 1800 unless given. */
                        cooldown_seconds?: number;
                        /** @default true */
                        enabled?: boolean;
                        /** @description What counts; everything unless given. */
                        filter?: {
                            destination_id?: string;
                            /**
                             * @description Kind of destination.
                             * @enum {unknown}
                             */
                            webhook_type?: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                        };
                        /** @enum {unknown} */
                        kind: "failure_rate" | "dead_letters" | "destination_disabled" | "queue_age" | "not_draining";
                        /** @description failure_rate: with fewer exports in the window it says nothing (20). */
                        minimum_count?: number;
                        /** @description What people call it; unique in its site. Begins what they are told. */
                        name: string;
                        /** @description Where it is told: a saved destination of type custom, slack or discord, e-mail addresses, or both. */
                        notify: {
                            destination_id?: string;
                            email?: string[];
                        };
                        /** @default 4 */
                        siteId?: number;
                        /** @description It fires from here on. failure_rate: percent (20); dead_letters: deliveries (10); queue_age: seconds, exceeded (300); not_draining: by how many deliveries the backlog has grown (100). */
                        threshold?: number;
                        /** @description How far back it looks, 60 s to a day (900); not_draining from 300 s. For failure_rate, dead_letters and not_draining. */
                        window_seconds?: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            cooldown_seconds: number;
                            /** @description ISO 8601, UTC. */
                            created_at: string;
                            enabled: boolean;
                            evaluated_at: string | null;
                            filter: {
                                destination_id: string | null;
                                webhook_type: ("custom" | "hubspot" | "salesforce" | "slack" | "discord") | null;
                            };
                            id: string;
                            /** @enum {unknown} */
                            kind: "failure_rate" | "dead_letters" | "destination_disabled" | "queue_age" | "not_draining";
                            /** @description What was told last. */
                            last_alert: {
                                /** @description ISO 8601, UTC. */
                                at: string;
                                /** @description The delivery that tells of it. */
                                delivery_id: string | null;
                                email: {
                                    /** @description Why the last try failed. */
                                    error: string | null;
                                    /** @enum {unknown} */
                                    state: "waiting" | "sent" | "failed";
                                } | null;
                                /** @enum {unknown} */
                                phase: "firing" | "resolved" | "test";
                            } | null;
                            /** @description When it last began to fire. */
                            last_fired_at: string | null;
                            last_resolved_at: string | null;
                            /** @description What was found last; null before, or when too little was there to say. */
                            last_value: number | null;
                            minimum_count: number | null;
                            name: string;
                            notify: {
                                destination_id: string | null;
                                email: string[];
                            };
                            /** @description Why an alert of it would not arrive, or why it never fires. */
                            problem: ("nobody_is_told" | "destination_paused" | "destination_disabled" | "email_not_configured" | "watched_destination_gone") | null;
                            siteId: number;
                            /**
                             * @description resolved: it has fired, and that is over.
                             * @enum {unknown}
                             */
                            state: "ok" | "firing" | "resolved";
                            /** @description Null where the kind has none, as for all limits. */
                            threshold: number | null;
                            /** @description ISO 8601, UTC. */
                            updated_at: string;
                            window_seconds: number | null;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/alert-rules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One alert rule: its state, its last value, when it last fired */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            cooldown_seconds: number;
                            /** @description ISO 8601, UTC. */
                            created_at: string;
                            enabled: boolean;
                            evaluated_at: string | null;
                            filter: {
                                destination_id: string | null;
                                webhook_type: ("custom" | "hubspot" | "salesforce" | "slack" | "discord") | null;
                            };
                            id: string;
                            /** @enum {unknown} */
                            kind: "failure_rate" | "dead_letters" | "destination_disabled" | "queue_age" | "not_draining";
                            /** @description What was told last. */
                            last_alert: {
                                /** @description ISO 8601, UTC. */
                                at: string;
                                /** @description The delivery that tells of it. */
                                delivery_id: string | null;
                                email: {
                                    /** @description Why the last try failed. */
                                    error: string | null;
                                    /** @enum {unknown} */
                                    state: "waiting" | "sent" | "failed";
                                } | null;
                                /** @enum {unknown} */
                                phase: "firing" | "resolved" | "test";
                            } | null;
                            /** @description When it last began to fire. */
                            last_fired_at: string | null;
                            last_resolved_at: string | null;
                            /** @description What was found last; null before, or when too little was there to say. */
                            last_value: number | null;
                            minimum_count: number | null;
                            name: string;
                            notify: {
                                destination_id: string | null;
                                email: string[];
                            };
                            /** @description Why an alert of it would not arrive, or why it never fires. */
                            problem: ("nobody_is_told" | "destination_paused" | "destination_disabled" | "email_not_configured" | "watched_destination_gone") | null;
                            siteId: number;
                            /**
                             * @description resolved: it has fired, and that is over.
                             * @enum {unknown}
                             */
                            state: "ok" | "firing" | "resolved";
                            /** @description Null where the kind has none, as for all limits. */
                            threshold: number | null;
                            /** @description ISO 8601, UTC. */
                            updated_at: string;
                            window_seconds: number | null;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /**
         * Delete an alert rule
         * @description The delivery log keeps its alerts.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Deleted. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /**
         * Change an alert rule, or disable and enable it
         * @description The kind of a rule cannot change. A worker evaluates the changed rule at once. `filter` and `notify` are replaced as a whole.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description After it was told that it fires, so long nothing is told of it again; 1800 unless given. */
                        cooldown_seconds?: number;
                        /** @description A rule that is switched off forgets that it fired. */
                        enabled?: boolean;
                        /** @description What counts; everything unless given. */
                        filter?: {
                            destination_id?: string;
                            /**
                             * @description Kind of destination.
                             * @enum {unknown}
                             */
                            webhook_type?: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                        };
                        /** @description failure_rate: with fewer exports in the window it says nothing (20). */
                        minimum_count?: number;
                        /** @description What people call it; unique in its site. Begins what they are told. */
                        name?: string;
                        /** @description Where it is told: a saved destination of type custom, slack or discord, e-mail addresses, or both. */
                        notify?: {
                            destination_id?: string;
                            email?: string[];
                        };
                        /** @description It fires from here on. failure_rate: percent (20); dead_letters: deliveries (10); queue_age: seconds, exceeded (300); not_draining: by how many deliveries the backlog has grown (100). */
                        threshold?: number;
                        /** @description How far back it looks, 60 s to a day (900); not_draining from 300 s. For failure_rate, dead_letters and not_draining. */
                        window_seconds?: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            cooldown_seconds: number;
                            /** @description ISO 8601, UTC. */
                            created_at: string;
                            enabled: boolean;
                            evaluated_at: string | null;
                            filter: {
                                destination_id: string | null;
                                webhook_type: ("custom" | "hubspot" | "salesforce" | "slack" | "discord") | null;
                            };
                            id: string;
                            /** @enum {unknown} */
                            kind: "failure_rate" | "dead_letters" | "destination_disabled" | "queue_age" | "not_draining";
                            /** @description What was told last. */
                            last_alert: {
                                /** @description ISO 8601, UTC. */
                                at: string;
                                /** @description The delivery that tells of it. */
                                delivery_id: string | null;
                                email: {
                                    /** @description Why the last try failed. */
                                    error: string | null;
                                    /** @enum {unknown} */
                                    state: "waiting" | "sent" | "failed";
                                } | null;
                                /** @enum {unknown} */
                                phase: "firing" | "resolved" | "test";
                            } | null;
                            /** @description When it last began to fire. */
                            last_fired_at: string | null;
                            last_resolved_at: string | null;
                            /** @description What was found last; null before, or when too little was there to say. */
                            last_value: number | null;
                            minimum_count: number | null;
                            name: string;
                            notify: {
                                destination_id: string | null;
                                email: string[];
                            };
                            /** @description Why an alert of it would not arrive, or why it never fires. */
                            problem: ("nobody_is_told" | "destination_paused" | "destination_disabled" | "email_not_configured" | "watched_destination_gone") | null;
                            siteId: number;
                            /**
                             * @description resolved: it has fired, and that is over.
                             * @enum {unknown}
                             */
                            state: "ok" | "firing" | "resolved";
                            /** @description Null where the kind has none, as for all limits. */
                            threshold: number | null;
                            /** @description ISO 8601, UTC. */
                            updated_at: string;
                            window_seconds: number | null;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/alert-rules/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an alert that is marked as a test
         * @description Measures now and sends the result as an alert would be sent: as a delivery, as an e-mail, or both. The response contains the attempt. The rule keeps its state.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Null when none was made in time. */
                            attempt: {
                                /**
                                 * @description What it means.
                                 * @enum {unknown}
                                 */
                                decision: "delivered" | "retry" | "give_up";
                                duration_ms: number;
                                error: {
                                    code: string;
                                    message: string;
                                    remedy: string | null;
                                } | null;
                                number: number;
                                /** @description What the receiver, or the egress proxy before it, did: answered, timed_out, connection_failed, proxy_failed … */
                                outcome: string;
                                /** @description The receiver may have acted although no answer says so. */
                                outcome_unknown: boolean;
                                /** @description What was sent, where that is not the `payload`: a CRM mode makes a request of its own. */
                                request_body: string | null;
                                /** @description As sent; custom headers, tokens and signatures are masked. */
                                request_headers: {
                                    [key: string]: string;
                                } | null;
                                request_method: string | null;
                                /** @description At most the first 16 KiB. */
                                response_body: string | null;
                                /** @description Bytes read; reading stops at 64 KiB. */
                                response_bytes: number;
                                /** @description Why the body ends where it does. */
                                response_end: ("complete" | "size" | "deadline" | "reset") | null;
                                response_headers: {
                                    [key: string]: string;
                                } | null;
                                response_status: number | null;
                                /** @description ISO 8601, UTC. */
                                started_at: string;
                                timings: {
                                    /** @description Milliseconds; null when it did not happen, or was not reached. */
                                    connect_ms: number | null;
                                    /** @description Milliseconds; null when it did not happen, or was not reached. */
                                    dns_ms: number | null;
                                    /** @description Milliseconds; null when it did not happen, or was not reached. */
                                    first_byte_ms: number | null;
                                    /** @description There was nothing to look up or to connect. */
                                    reused_connection: boolean;
                                    /** @description Milliseconds; null when it did not happen, or was not reached. */
                                    tls_ms: number | null;
                                    total_ms: number;
                                } | null;
                            } | null;
                            /** @description Null when none is named. */
                            delivery: {
                                /** @description The alert rule it tells of; null for what exports a visitor. */
                                alert_rule_id: string | null;
                                /** @description Oldest first. */
                                attempts: {
                                    /**
                                     * @description What it means.
                                     * @enum {unknown}
                                     */
                                    decision: "delivered" | "retry" | "give_up";
                                    duration_ms: number;
                                    error: {
                                        code: string;
                                        message: string;
                                        remedy: string | null;
                                    } | null;
                                    number: number;
                                    /** @description What the receiver, or the egress proxy before it, did: answered, timed_out, connection_failed, proxy_failed … */
                                    outcome: string;
                                    /** @description The receiver may have acted although no answer says so. */
                                    outcome_unknown: boolean;
                                    /** @description What was sent, where that is not the `payload`: a CRM mode makes a request of its own. */
                                    request_body: string | null;
                                    /** @description As sent; custom headers, tokens and signatures are masked. */
                                    request_headers: {
                                        [key: string]: string;
                                    } | null;
                                    request_method: string | null;
                                    /** @description At most the first 16 KiB. */
                                    response_body: string | null;
                                    /** @description Bytes read; reading stops at 64 KiB. */
                                    response_bytes: number;
                                    /** @description Why the body ends where it does. */
                                    response_end: ("complete" | "size" | "deadline" | "reset") | null;
                                    response_headers: {
                                        [key: string]: string;
                                    } | null;
                                    response_status: number | null;
                                    /** @description ISO 8601, UTC. */
                                    started_at: string;
                                    timings: {
                                        /** @description Milliseconds; null when it did not happen, or was not reached. */
                                        connect_ms: number | null;
                                        /** @description Milliseconds; null when it did not happen, or was not reached. */
                                        dns_ms: number | null;
                                        /** @description Milliseconds; null when it did not happen, or was not reached. */
                                        first_byte_ms: number | null;
                                        /** @description There was nothing to look up or to connect. */
                                        reused_connection: boolean;
                                        /** @description Milliseconds; null when it did not happen, or was not reached. */
                                        tls_ms: number | null;
                                        total_ms: number;
                                    } | null;
                                }[];
                                /** @description ISO 8601, UTC. */
                                created_at: string;
                                delivered_at: string | null;
                                delivery_id: string;
                                /** @description The saved destination, if it was one. */
                                destination_id: string | null;
                                /** @description Fingerprint of its failure group. */
                                failure: string | null;
                                ghost_vid: string;
                                /** @description What the site calls this visitor, as an e-mail address; null when it does not know. */
                                identified_user: string | null;
                                include_events: boolean;
                                include_journey: boolean;
                                last_error: {
                                    /** @description Stable cause code. */
                                    code: string;
                                    message: string;
                                    response_status: number | null;
                                } | null;
                                /** @description The delivery it was made from. */
                                made_from: string | null;
                                /** @description Null once it is finished. */
                                next_attempt: {
                                    /** @description ISO 8601, UTC. */
                                    at: string;
                                    /**
                                     * @description first: of a new series, due at once. schedule: the wait the retry schedule has here. receiver_asked: the receiver asked for more (Retry-After).
                                     * @enum {unknown}
                                     */
                                    because: "first" | "schedule" | "receiver_asked";
                                    /** @description In this series of attempts. */
                                    number: number;
                                    /** @description As many attempts the retry schedule has. */
                                    of: number;
                                } | null;
                                next_attempt_at: string | null;
                                operation_id: string | null;
                                /** @description The bytes that every attempt sends, as they were built; a CRM mode wraps them into its own request. Null before the first build, and once they are no longer kept. */
                                payload: string | null;
                                /** @description Origin of the receiver; its path and query are secrets and stay out. */
                                receiver: string;
                                /** @description A marked sample, sent to test a destination. */
                                sample: boolean;
                                siteId: number;
                                /** @enum {unknown} */
                                status: "queued" | "delivering" | "retrying" | "delivered" | "failed" | "cancelled";
                                /**
                                 * @description Kind of destination.
                                 * @enum {unknown}
                                 */
                                webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                            } | null;
                            /** @description Null when it goes to no address. */
                            email: {
                                /** @description Why the last try failed. */
                                error: string | null;
                                /** @enum {unknown} */
                                state: "waiting" | "sent" | "failed";
                            } | null;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who did what, newest first
         * @description What was done in the site, and the sign-ins of its members. Written in the transaction of what it tells of.
         */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    limit?: string;
                    siteId?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Newest first. */
                            items: {
                                /** @enum {unknown} */
                                action: "alert_rule.created" | "alert_rule.updated" | "alert_rule.deleted" | "alert_rule.tested" | "session.created" | "session.refused" | "session.ended" | "destination.created" | "destination.updated" | "destination.deleted" | "destination.tested" | "destination.secret_rotated" | "delivery.resent" | "delivery.re_exported" | "delivery.edited" | "delivery.cancelled" | "log.exported" | "failure_group.changed" | "operation.started" | "operation.paused" | "operation.resumed" | "operation.cancelled" | "lane.paused" | "lane.resumed" | "visitor.exported" | "visitor.erased";
                                /** @description ISO 8601, UTC. */
                                at: string;
                                /** @description Never a secret or a visitor’s data. */
                                details: {
                                    [key: string]: unknown;
                                };
                                id: string;
                                /** @description The caller’s address. */
                                ip: string;
                                /** @description Its id; a digest for a visitor. */
                                object_id: string | null;
                                /** @description session, destination, delivery, alert_rule, failure_group, operation, lane or visitor. */
                                object_type: string;
                                request_id: string;
                                /** @description Null for what concerns a member’s account, such as a sign-in. */
                                siteId: number | null;
                                /** @description Null also when the account is gone. */
                                user_email: string | null;
                                /** @description Who did it; null when nobody was signed in. */
                                user_id: string | null;
                            }[];
                            /** @description To be sent as `cursor` for what is older; null at the end. */
                            next_cursor: string | null;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The delivery log of a site, newest first
         * @description Every part of the filter narrows. Pages of any depth cost the same; `next` leads to the older ones.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Cause code of the last error. */
                    cause?: string;
                    /** @description The `next` of the page before. */
                    cursor?: string;
                    destination_id?: string;
                    /** @description Fingerprint of a failure group. */
                    failure?: string;
                    /** @description Created at this time or later. */
                    from?: string;
                    /** @description Of this visitor. */
                    ghost_vid?: string;
                    /** @description Of visitors a site calls so, as an e-mail address. */
                    identified_user?: string;
                    /** @description 1 to 200; 50 unless given. */
                    limit?: string;
                    operation_id?: string;
                    /** @description Host of the receiver. */
                    receiver?: string;
                    /** @description As `404` or `5xx`. */
                    response_status?: string;
                    /** @description The site; 4 unless given. */
                    siteId?: string;
                    /** @description One or more, separated by commas. */
                    status?: string;
                    /** @description Words: each begins a word of the visitor’s name, company, id at the site (as an e-mail address) or ghost_vid. Or the id of a delivery. */
                    text?: string;
                    /** @description Created before this time. */
                    to?: string;
                    /** @description One or more, separated by commas. */
                    webhook_type?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Newest first. */
                            items: {
                                /** @description The alert rule it tells of; null for what exports a visitor. */
                                alert_rule_id: string | null;
                                attempts: number;
                                /** @description ISO 8601, UTC. */
                                created_at: string;
                                delivered_at: string | null;
                                delivery_id: string;
                                destination_id: string | null;
                                destination_name: string | null;
                                /** @description Fingerprint of its failure group. */
                                failure: string | null;
                                ghost_vid: string;
                                identified_user: string | null;
                                last_error: {
                                    /** @description Stable cause code. */
                                    code: string;
                                    message: string;
                                    response_status: number | null;
                                } | null;
                                /** @description Of the newest attempt, delivered or not; null when it had no answer. */
                                last_response_status: number | null;
                                next_attempt_at: string | null;
                                operation_id: string | null;
                                /** @description Host of the receiver. */
                                receiver: string;
                                sample: boolean;
                                siteId: number;
                                /** @enum {unknown} */
                                status: "queued" | "delivering" | "retrying" | "delivered" | "failed" | "cancelled";
                                /**
                                 * @description Kind of destination.
                                 * @enum {unknown}
                                 */
                                webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                            }[];
                            /** @description Cursor of the next page; null at the end. A page may be short, even empty, and still have a next one. */
                            next: string | null;
                            /** @description When a rare filter made the search stop before the page was full: how far back it has looked. */
                            searched_back_to: string | null;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deliveries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One delivery with all its attempts */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The delivery id. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The alert rule it tells of; null for what exports a visitor. */
                            alert_rule_id: string | null;
                            /** @description Oldest first. */
                            attempts: {
                                /**
                                 * @description What it means.
                                 * @enum {unknown}
                                 */
                                decision: "delivered" | "retry" | "give_up";
                                duration_ms: number;
                                error: {
                                    code: string;
                                    message: string;
                                    remedy: string | null;
                                } | null;
                                number: number;
                                /** @description What the receiver, or the egress proxy before it, did: answered, timed_out, connection_failed, proxy_failed … */
                                outcome: string;
                                /** @description The receiver may have acted although no answer says so. */
                                outcome_unknown: boolean;
                                /** @description What was sent, where that is not the `payload`: a CRM mode makes a request of its own. */
                                request_body: string | null;
                                /** @description As sent; custom headers, tokens and signatures are masked. */
                                request_headers: {
                                    [key: string]: string;
                                } | null;
                                request_method: string | null;
                                /** @description At most the first 16 KiB. */
                                response_body: string | null;
                                /** @description Bytes read; reading stops at 64 KiB. */
                                response_bytes: number;
                                /** @description Why the body ends where it does. */
                                response_end: ("complete" | "size" | "deadline" | "reset") | null;
                                response_headers: {
                                    [key: string]: string;
                                } | null;
                                response_status: number | null;
                                /** @description ISO 8601, UTC. */
                                started_at: string;
                                timings: {
                                    /** @description Milliseconds; null when it did not happen, or was not reached. */
                                    connect_ms: number | null;
                                    /** @description Milliseconds; null when it did not happen, or was not reached. */
                                    dns_ms: number | null;
                                    /** @description Milliseconds; null when it did not happen, or was not reached. */
                                    first_byte_ms: number | null;
                                    /** @description There was nothing to look up or to connect. */
                                    reused_connection: boolean;
                                    /** @description Milliseconds; null when it did not happen, or was not reached. */
                                    tls_ms: number | null;
                                    total_ms: number;
                                } | null;
                            }[];
                            /** @description ISO 8601, UTC. */
                            created_at: string;
                            delivered_at: string | null;
                            delivery_id: string;
                            /** @description The saved destination, if it was one. */
                            destination_id: string | null;
                            /** @description Fingerprint of its failure group. */
                            failure: string | null;
                            ghost_vid: string;
                            /** @description What the site calls this visitor, as an e-mail address; null when it does not know. */
                            identified_user: string | null;
                            include_events: boolean;
                            include_journey: boolean;
                            last_error: {
                                /** @description Stable cause code. */
                                code: string;
                                message: string;
                                response_status: number | null;
                            } | null;
                            /** @description The delivery it was made from. */
                            made_from: string | null;
                            /** @description Null once it is finished. */
                            next_attempt: {
                                /** @description ISO 8601, UTC. */
                                at: string;
                                /**
                                 * @description first: of a new series, due at once. schedule: the wait the retry schedule has here. receiver_asked: the receiver asked for more (Retry-After).
                                 * @enum {unknown}
                                 */
                                because: "first" | "schedule" | "receiver_asked";
                                /** @description In this series of attempts. */
                                number: number;
                                /** @description As many attempts the retry schedule has. */
                                of: number;
                            } | null;
                            next_attempt_at: string | null;
                            operation_id: string | null;
                            /** @description The bytes that every attempt sends, as they were built; a CRM mode wraps them into its own request. Null before the first build, and once they are no longer kept. */
                            payload: string | null;
                            /** @description Origin of the receiver; its path and query are secrets and stay out. */
                            receiver: string;
                            /** @description A marked sample, sent to test a destination. */
                            sample: boolean;
                            siteId: number;
                            /** @enum {unknown} */
                            status: "queued" | "delivering" | "retrying" | "delivered" | "failed" | "cancelled";
                            /**
                             * @description Kind of destination.
                             * @enum {unknown}
                             */
                            webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deliveries/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop trying
         * @description For a delivery that waits. One that is being delivered right now settles first.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The delivery id. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            delivery_id: string;
                            /** @description The delivery it was made from; null when it is that one. */
                            made_from: string | null;
                            /** @enum {unknown} */
                            status: "queued" | "delivering" | "retrying" | "delivered" | "failed" | "cancelled";
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deliveries/{id}/edit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send other bytes instead
         * @description A new delivery with the payload given, to the same receiver. The old one stays as it is.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The delivery id. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description The body to send instead, as JSON. */
                        payload: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            delivery_id: string;
                            /** @description The delivery it was made from; null when it is that one. */
                            made_from: string | null;
                            /** @enum {unknown} */
                            status: "queued" | "delivering" | "retrying" | "delivered" | "failed" | "cancelled";
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deliveries/{id}/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Why a delivery is where it is
         * @description The decisive reason first, with what to do about it.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The delivery id. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            delivery_id: string;
                            /** @description Why it is where it is, the decisive reason first. */
                            reasons: {
                                /** @enum {unknown} */
                                code: "destination_paused" | "destination_disabled" | "operation_paused" | "lane_paused" | "breaker_open" | "throttled" | "waiting_for_retry" | "being_delivered" | "receiver_full" | "not_queued" | "behind_others" | "no_worker" | "queue_down" | "finished";
                                remedy: string | null;
                                /** @description A sentence. */
                                text: string;
                                until: string | null;
                            }[];
                            /** @enum {unknown} */
                            status: "queued" | "delivering" | "retrying" | "delivered" | "failed" | "cancelled";
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deliveries/{id}/re-export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Export the same visitor once more, with fresh data
         * @description A new delivery with an id of its own, to the same receiver. The old one stays as it is.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The delivery id. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            delivery_id: string;
                            /** @description The delivery it was made from; null when it is that one. */
                            made_from: string | null;
                            /** @enum {unknown} */
                            status: "queued" | "delivering" | "retrying" | "delivered" | "failed" | "cancelled";
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deliveries/{id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send the stored bytes again
         * @description A new series of attempts of the same delivery, under the same webhook-id: a receiver that keeps ids knows it. One that was delivered needs `confirm_duplicate`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The delivery id. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Needed for a delivery that was delivered: the receiver gets it again. */
                        confirm_duplicate?: boolean;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            delivery_id: string;
                            /** @description The delivery it was made from; null when it is that one. */
                            made_from: string | null;
                            /** @enum {unknown} */
                            status: "queued" | "delivering" | "retrying" | "delivered" | "failed" | "cancelled";
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deliveries/count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many deliveries a filter matches, up to a bound */
        get: {
            parameters: {
                query?: {
                    /** @description Cause code of the last error. */
                    cause?: string;
                    destination_id?: string;
                    /** @description Fingerprint of a failure group. */
                    failure?: string;
                    /** @description Created at this time or later. */
                    from?: string;
                    /** @description Of this visitor. */
                    ghost_vid?: string;
                    /** @description Of visitors a site calls so, as an e-mail address. */
                    identified_user?: string;
                    operation_id?: string;
                    /** @description Host of the receiver. */
                    receiver?: string;
                    /** @description As `404` or `5xx`. */
                    response_status?: string;
                    /** @description The site; 4 unless given. */
                    siteId?: string;
                    /** @description One or more, separated by commas. */
                    status?: string;
                    /** @description Words: each begins a word of the visitor’s name, company, id at the site (as an e-mail address) or ghost_vid. Or the id of a delivery. */
                    text?: string;
                    /** @description Created before this time. */
                    to?: string;
                    /** @description One or more, separated by commas. */
                    webhook_type?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description There are 10000 or more. */
                            capped: boolean;
                            count: number;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deliveries/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All deliveries a filter matches, as CSV or NDJSON
         * @description Streamed, newest first, whatever their number. CSV is for spreadsheets: UTF-8 with a byte order mark, and no cell is a formula. A connection that breaks off means the file is not complete.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Cause code of the last error. */
                    cause?: string;
                    destination_id?: string;
                    /** @description Fingerprint of a failure group. */
                    failure?: string;
                    /** @description csv unless given. */
                    format?: "csv" | "ndjson";
                    /** @description Created at this time or later. */
                    from?: string;
                    /** @description Of this visitor. */
                    ghost_vid?: string;
                    /** @description Of visitors a site calls so, as an e-mail address. */
                    identified_user?: string;
                    operation_id?: string;
                    /** @description Host of the receiver. */
                    receiver?: string;
                    /** @description As `404` or `5xx`. */
                    response_status?: string;
                    /** @description The site; 4 unless given. */
                    siteId?: string;
                    /** @description One or more, separated by commas. */
                    status?: string;
                    /** @description Words: each begins a word of the visitor’s name, company, id at the site (as an e-mail address) or ghost_vid. Or the id of a delivery. */
                    text?: string;
                    /** @description Created before this time. */
                    to?: string;
                    /** @description One or more, separated by commas. */
                    webhook_type?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A stream. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/x-ndjson": string;
                        "text/csv": string;
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/destinations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The saved destinations of a site */
        get: {
            parameters: {
                query?: {
                    siteId?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                concurrency: number | null;
                                created_at: string;
                                /** @description Their kind, if there are any: then it works in CRM mode. */
                                credentials: ("access_token" | "client_credentials" | "jwt_bearer") | null;
                                header_names: string[];
                                id: string;
                                name: string;
                                rate_limit: {
                                    per_seconds: number;
                                    requests: number;
                                } | null;
                                /** @description Host of the receiver; path and query are secrets. */
                                receiver: string;
                                retry_schedule: string | null;
                                /** @description Of the ed25519 keys that sign now, the current one first: `whpk_…`, to be given to the receiver. */
                                signing_public_keys: string[];
                                /** @description How many secrets sign now: two during a change-over, none for chats and CRMs. */
                                signing_secrets: number;
                                siteId: number;
                                /**
                                 * @description disabled: the receiver said it is gone.
                                 * @enum {unknown}
                                 */
                                state: "enabled" | "paused" | "disabled";
                                state_reason: string | null;
                                updated_at: string;
                                /**
                                 * @description Kind of destination.
                                 * @enum {unknown}
                                 */
                                webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                            }[];
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Save a destination
         * @description URL, headers, credentials and signing secret are encrypted and never come out again; the signing secret is told this once.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Most requests at once, from all workers together; the installation’s when absent. */
                        concurrency?: number;
                        /** @description Switches the CRM mode on; write-only. */
                        credentials?: {
                            access_token?: string;
                            audience?: string;
                            client_id?: string;
                            client_secret?: string;
                            /**
                             * @description hubspot: access_token (with access_token). salesforce: client_credentials (with client_id, client_secret) or jwt_bearer (with client_id, username, private_key).
                             * @enum {unknown}
                             */
                            kind: "access_token" | "client_credentials" | "jwt_bearer";
                            /** @description RSA, PKCS#8, PEM. */
                            private_key?: string;
                            token_url?: string;
                            username?: string;
                        };
                        /** @description Custom headers; write-only. */
                        headers?: {
                            [key: string]: string;
                        };
                        /** @description What people call it; unique in its site. */
                        name: string;
                        /** @description Never more requests than this in any such time, evenly spaced. */
                        rate_limit?: {
                            per_seconds: number;
                            requests: number;
                        };
                        /** @description The wait before attempt 1, 2, 3 …, as in `0s 5s 5m`. */
                        retry_schedule?: string;
                        /**
                         * @description For type custom: `hmac` with a secret that both know (unless given), or `ed25519` with a key whose public half the receiver gets.
                         * @enum {unknown}
                         */
                        signing?: "hmac" | "ed25519";
                        /** @default 4 */
                        siteId?: number;
                        /**
                         * @description Kind of destination.
                         * @enum {unknown}
                         */
                        webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                        /** @description Write-only. */
                        webhook_url: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            destination: {
                                concurrency: number | null;
                                created_at: string;
                                /** @description Their kind, if there are any: then it works in CRM mode. */
                                credentials: ("access_token" | "client_credentials" | "jwt_bearer") | null;
                                header_names: string[];
                                id: string;
                                name: string;
                                rate_limit: {
                                    per_seconds: number;
                                    requests: number;
                                } | null;
                                /** @description Host of the receiver; path and query are secrets. */
                                receiver: string;
                                retry_schedule: string | null;
                                /** @description Of the ed25519 keys that sign now, the current one first: `whpk_…`, to be given to the receiver. */
                                signing_public_keys: string[];
                                /** @description How many secrets sign now: two during a change-over, none for chats and CRMs. */
                                signing_secrets: number;
                                siteId: number;
                                /**
                                 * @description disabled: the receiver said it is gone.
                                 * @enum {unknown}
                                 */
                                state: "enabled" | "paused" | "disabled";
                                state_reason: string | null;
                                updated_at: string;
                                /**
                                 * @description Kind of destination.
                                 * @enum {unknown}
                                 */
                                webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                            };
                            /** @description Shown this once; `whsec_…` of Standard Webhooks. Null for types that have no use for signatures, and where an ed25519 key signs, whose public half is in `signing_public_keys`. */
                            signing_secret: string | null;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/destinations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One saved destination, without its secrets */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            concurrency: number | null;
                            created_at: string;
                            /** @description Their kind, if there are any: then it works in CRM mode. */
                            credentials: ("access_token" | "client_credentials" | "jwt_bearer") | null;
                            header_names: string[];
                            id: string;
                            name: string;
                            rate_limit: {
                                per_seconds: number;
                                requests: number;
                            } | null;
                            /** @description Host of the receiver; path and query are secrets. */
                            receiver: string;
                            retry_schedule: string | null;
                            /** @description Of the ed25519 keys that sign now, the current one first: `whpk_…`, to be given to the receiver. */
                            signing_public_keys: string[];
                            /** @description How many secrets sign now: two during a change-over, none for chats and CRMs. */
                            signing_secrets: number;
                            siteId: number;
                            /**
                             * @description disabled: the receiver said it is gone.
                             * @enum {unknown}
                             */
                            state: "enabled" | "paused" | "disabled";
                            state_reason: string | null;
                            updated_at: string;
                            /**
                             * @description Kind of destination.
                             * @enum {unknown}
                             */
                            webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /**
         * Delete a saved destination
         * @description Its unfinished deliveries become dead letters that say so.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Deleted. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /**
         * Change, pause or enable a saved destination
         * @description Deliveries that wait use what it says when they are attempted. Pausing holds them and spends no attempt; once it is enabled, those that are due go at once.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        concurrency?: number | null;
                        /** @description Switches the CRM mode on; write-only. */
                        credentials?: {
                            access_token?: string;
                            audience?: string;
                            client_id?: string;
                            client_secret?: string;
                            /**
                             * @description hubspot: access_token (with access_token). salesforce: client_credentials (with client_id, client_secret) or jwt_bearer (with client_id, username, private_key).
                             * @enum {unknown}
                             */
                            kind: "access_token" | "client_credentials" | "jwt_bearer";
                            /** @description RSA, PKCS#8, PEM. */
                            private_key?: string;
                            token_url?: string;
                            username?: string;
                        } | null;
                        /** @description Custom headers; write-only. */
                        headers?: {
                            [key: string]: string;
                        };
                        /** @description What people call it; unique in its site. */
                        name?: string;
                        rate_limit?: {
                            per_seconds: number;
                            requests: number;
                        } | null;
                        retry_schedule?: string | null;
                        /**
                         * @description Paused holds deliveries; it loses none.
                         * @enum {unknown}
                         */
                        state?: "enabled" | "paused";
                        state_reason?: string | null;
                        /** @description Write-only. */
                        webhook_url?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            concurrency: number | null;
                            created_at: string;
                            /** @description Their kind, if there are any: then it works in CRM mode. */
                            credentials: ("access_token" | "client_credentials" | "jwt_bearer") | null;
                            header_names: string[];
                            id: string;
                            name: string;
                            rate_limit: {
                                per_seconds: number;
                                requests: number;
                            } | null;
                            /** @description Host of the receiver; path and query are secrets. */
                            receiver: string;
                            retry_schedule: string | null;
                            /** @description Of the ed25519 keys that sign now, the current one first: `whpk_…`, to be given to the receiver. */
                            signing_public_keys: string[];
                            /** @description How many secrets sign now: two during a change-over, none for chats and CRMs. */
                            signing_secrets: number;
                            siteId: number;
                            /**
                             * @description disabled: the receiver said it is gone.
                             * @enum {unknown}
                             */
                            state: "enabled" | "paused" | "disabled";
                            state_reason: string | null;
                            updated_at: string;
                            /**
                             * @description Kind of destination.
                             * @enum {unknown}
                             */
                            webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/destinations/{id}/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How a saved destination copes
         * @description Circuit breaker, and how much it is sent at once, as all workers together see it.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /**
                             * @description open: it failed repeatedly and is left alone; half_open: one request tries whether it is back.
                             * @enum {unknown}
                             */
                            breaker: "closed" | "open" | "half_open";
                            /** @description Requests it is sent at once at present; adapts to how it copes. */
                            concurrency_now: number;
                            /** @description Requests under way. */
                            in_flight: number;
                            /** @description Moving mean of its answers. */
                            mean_duration_ms: number;
                            open_until: string | null;
                            /** @description The receiver asked to be left alone until then. */
                            throttled_until: string | null;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/destinations/{id}/hubspot-properties": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create the contact properties a HubSpot destination needs
         * @description Creates those that are missing, with the destination’s own token; it needs the scope crm.schemas.contacts.write. Repeating it changes nothing.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Contact properties that were created now. */
                            created: string[];
                            /** @description Those that were there before. */
                            existing: string[];
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/destinations/{id}/signing-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a new signing secret
         * @description The old one signs beside it for 24 hours, so that the receiver can change over. The new one is told this once. `signing` changes its kind.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description For type custom: `hmac` with a secret that both know (unless given), or `ed25519` with a key whose public half the receiver gets.
                         * @enum {unknown}
                         */
                        signing?: "hmac" | "ed25519";
                    } | null;
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            destination: {
                                concurrency: number | null;
                                created_at: string;
                                /** @description Their kind, if there are any: then it works in CRM mode. */
                                credentials: ("access_token" | "client_credentials" | "jwt_bearer") | null;
                                header_names: string[];
                                id: string;
                                name: string;
                                rate_limit: {
                                    per_seconds: number;
                                    requests: number;
                                } | null;
                                /** @description Host of the receiver; path and query are secrets. */
                                receiver: string;
                                retry_schedule: string | null;
                                /** @description Of the ed25519 keys that sign now, the current one first: `whpk_…`, to be given to the receiver. */
                                signing_public_keys: string[];
                                /** @description How many secrets sign now: two during a change-over, none for chats and CRMs. */
                                signing_secrets: number;
                                siteId: number;
                                /**
                                 * @description disabled: the receiver said it is gone.
                                 * @enum {unknown}
                                 */
                                state: "enabled" | "paused" | "disabled";
                                state_reason: string | null;
                                updated_at: string;
                                /**
                                 * @description Kind of destination.
                                 * @enum {unknown}
                                 */
                                webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                            };
                            /** @description Shown this once; `whsec_…` of Standard Webhooks. Null for types that have no use for signatures, and where an ed25519 key signs, whose public half is in `signing_public_keys`. */
                            signing_secret: string | null;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/destinations/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a marked sample
         * @description Goes the very same way as an export: same checks, same worker, same record. Answers with the attempt. Refused (409) while the destination is paused or disabled: the sample would wait until it is enabled.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Null when none was made in time. */
                            attempt: {
                                /**
                                 * @description What it means.
                                 * @enum {unknown}
                                 */
                                decision: "delivered" | "retry" | "give_up";
                                duration_ms: number;
                                error: {
                                    code: string;
                                    message: string;
                                    remedy: string | null;
                                } | null;
                                number: number;
                                /** @description What the receiver, or the egress proxy before it, did: answered, timed_out, connection_failed, proxy_failed … */
                                outcome: string;
                                /** @description The receiver may have acted although no answer says so. */
                                outcome_unknown: boolean;
                                /** @description What was sent, where that is not the `payload`: a CRM mode makes a request of its own. */
                                request_body: string | null;
                                /** @description As sent; custom headers, tokens and signatures are masked. */
                                request_headers: {
                                    [key: string]: string;
                                } | null;
                                request_method: string | null;
                                /** @description At most the first 16 KiB. */
                                response_body: string | null;
                                /** @description Bytes read; reading stops at 64 KiB. */
                                response_bytes: number;
                                /** @description Why the body ends where it does. */
                                response_end: ("complete" | "size" | "deadline" | "reset") | null;
                                response_headers: {
                                    [key: string]: string;
                                } | null;
                                response_status: number | null;
                                /** @description ISO 8601, UTC. */
                                started_at: string;
                                timings: {
                                    /** @description Milliseconds; null when it did not happen, or was not reached. */
                                    connect_ms: number | null;
                                    /** @description Milliseconds; null when it did not happen, or was not reached. */
                                    dns_ms: number | null;
                                    /** @description Milliseconds; null when it did not happen, or was not reached. */
                                    first_byte_ms: number | null;
                                    /** @description There was nothing to look up or to connect. */
                                    reused_connection: boolean;
                                    /** @description Milliseconds; null when it did not happen, or was not reached. */
                                    tls_ms: number | null;
                                    total_ms: number;
                                } | null;
                            } | null;
                            delivery: {
                                /** @description The alert rule it tells of; null for what exports a visitor. */
                                alert_rule_id: string | null;
                                /** @description Oldest first. */
                                attempts: {
                                    /**
                                     * @description What it means.
                                     * @enum {unknown}
                                     */
                                    decision: "delivered" | "retry" | "give_up";
                                    duration_ms: number;
                                    error: {
                                        code: string;
                                        message: string;
                                        remedy: string | null;
                                    } | null;
                                    number: number;
                                    /** @description What the receiver, or the egress proxy before it, did: answered, timed_out, connection_failed, proxy_failed … */
                                    outcome: string;
                                    /** @description The receiver may have acted although no answer says so. */
                                    outcome_unknown: boolean;
                                    /** @description What was sent, where that is not the `payload`: a CRM mode makes a request of its own. */
                                    request_body: string | null;
                                    /** @description As sent; custom headers, tokens and signatures are masked. */
                                    request_headers: {
                                        [key: string]: string;
                                    } | null;
                                    request_method: string | null;
                                    /** @description At most the first 16 KiB. */
                                    response_body: string | null;
                                    /** @description Bytes read; reading stops at 64 KiB. */
                                    response_bytes: number;
                                    /** @description Why the body ends where it does. */
                                    response_end: ("complete" | "size" | "deadline" | "reset") | null;
                                    response_headers: {
                                        [key: string]: string;
                                    } | null;
                                    response_status: number | null;
                                    /** @description ISO 8601, UTC. */
                                    started_at: string;
                                    timings: {
                                        /** @description Milliseconds; null when it did not happen, or was not reached. */
                                        connect_ms: number | null;
                                        /** @description Milliseconds; null when it did not happen, or was not reached. */
                                        dns_ms: number | null;
                                        /** @description Milliseconds; null when it did not happen, or was not reached. */
                                        first_byte_ms: number | null;
                                        /** @description There was nothing to look up or to connect. */
                                        reused_connection: boolean;
                                        /** @description Milliseconds; null when it did not happen, or was not reached. */
                                        tls_ms: number | null;
                                        total_ms: number;
                                    } | null;
                                }[];
                                /** @description ISO 8601, UTC. */
                                created_at: string;
                                delivered_at: string | null;
                                delivery_id: string;
                                /** @description The saved destination, if it was one. */
                                destination_id: string | null;
                                /** @description Fingerprint of its failure group. */
                                failure: string | null;
                                ghost_vid: string;
                                /** @description What the site calls this visitor, as an e-mail address; null when it does not know. */
                                identified_user: string | null;
                                include_events: boolean;
                                include_journey: boolean;
                                last_error: {
                                    /** @description Stable cause code. */
                                    code: string;
                                    message: string;
                                    response_status: number | null;
                                } | null;
                                /** @description The delivery it was made from. */
                                made_from: string | null;
                                /** @description Null once it is finished. */
                                next_attempt: {
                                    /** @description ISO 8601, UTC. */
                                    at: string;
                                    /**
                                     * @description first: of a new series, due at once. schedule: the wait the retry schedule has here. receiver_asked: the receiver asked for more (Retry-After).
                                     * @enum {unknown}
                                     */
                                    because: "first" | "schedule" | "receiver_asked";
                                    /** @description In this series of attempts. */
                                    number: number;
                                    /** @description As many attempts the retry schedule has. */
                                    of: number;
                                } | null;
                                next_attempt_at: string | null;
                                operation_id: string | null;
                                /** @description The bytes that every attempt sends, as they were built; a CRM mode wraps them into its own request. Null before the first build, and once they are no longer kept. */
                                payload: string | null;
                                /** @description Origin of the receiver; its path and query are secrets and stay out. */
                                receiver: string;
                                /** @description A marked sample, sent to test a destination. */
                                sample: boolean;
                                siteId: number;
                                /** @enum {unknown} */
                                status: "queued" | "delivering" | "retrying" | "delivered" | "failed" | "cancelled";
                                /**
                                 * @description Kind of destination.
                                 * @enum {unknown}
                                 */
                                webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                            };
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/failures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Dead letters, grouped by cause and receiver
         * @description Most first. `GET /api/deliveries?failure=<fingerprint>` lists the members of one.
         */
        get: {
            parameters: {
                query?: {
                    siteId?: string;
                    state?: "open" | "acknowledged" | "ignored" | "resolved";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Most first. */
                            items: {
                                /** @description There are more; the newest were counted. */
                                capped: boolean;
                                /** @description Cause code. */
                                cause: string;
                                /** @description Dead letters now. */
                                count: number;
                                destination_id: string | null;
                                destination_name: string | null;
                                /** @description Names the group; stable. */
                                fingerprint: string;
                                /** @description ISO 8601, UTC. */
                                first_seen: string;
                                ignored_until: string | null;
                                last_15_minutes: number;
                                last_day: number;
                                last_hour: number;
                                /** @description ISO 8601, UTC. */
                                last_seen: string;
                                last_week: number;
                                /** @description A sentence, of the newest member. */
                                message: string;
                                note: string | null;
                                /** @description Host of the receiver. */
                                receiver: string;
                                remedy: string | null;
                                /** @description It was resolved, and has failed since. */
                                reopened: boolean;
                                /** @description What operations did to it. */
                                replays: {
                                    delivered: number;
                                    /** @description For the same cause: they are in this group again. */
                                    failed_again: number;
                                    /** @description Failed for another cause: they are in another group now. */
                                    moved: number;
                                    /** @description Of its members, by operations of any kind. */
                                    resent: number;
                                };
                                /** @description The newest member. */
                                sample_delivery_id: string;
                                siteId: number;
                                /** @enum {unknown} */
                                state: "open" | "acknowledged" | "ignored" | "resolved";
                                /**
                                 * @description Kind of destination.
                                 * @enum {unknown}
                                 */
                                webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                            }[];
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/failures/{fingerprint}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One failure group */
        get: {
            parameters: {
                query?: {
                    siteId?: string;
                };
                header?: never;
                path: {
                    fingerprint: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description There are more; the newest were counted. */
                            capped: boolean;
                            /** @description Cause code. */
                            cause: string;
                            /** @description Dead letters now. */
                            count: number;
                            destination_id: string | null;
                            destination_name: string | null;
                            /** @description Names the group; stable. */
                            fingerprint: string;
                            /** @description ISO 8601, UTC. */
                            first_seen: string;
                            ignored_until: string | null;
                            last_15_minutes: number;
                            last_day: number;
                            last_hour: number;
                            /** @description ISO 8601, UTC. */
                            last_seen: string;
                            last_week: number;
                            /** @description A sentence, of the newest member. */
                            message: string;
                            note: string | null;
                            /** @description Host of the receiver. */
                            receiver: string;
                            remedy: string | null;
                            /** @description It was resolved, and has failed since. */
                            reopened: boolean;
                            /** @description What operations did to it. */
                            replays: {
                                delivered: number;
                                /** @description For the same cause: they are in this group again. */
                                failed_again: number;
                                /** @description Failed for another cause: they are in another group now. */
                                moved: number;
                                /** @description Of its members, by operations of any kind. */
                                resent: number;
                            };
                            /** @description The newest member. */
                            sample_delivery_id: string;
                            siteId: number;
                            /** @enum {unknown} */
                            state: "open" | "acknowledged" | "ignored" | "resolved";
                            /**
                             * @description Kind of destination.
                             * @enum {unknown}
                             */
                            webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Say that a failure is known, resolved, or to be ignored for a time */
        patch: {
            parameters: {
                query?: {
                    siteId?: string;
                };
                header?: never;
                path: {
                    fingerprint: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** Format: date-time */
                        ignored_until?: string;
                        note?: string | null;
                        /**
                         * @description resolved opens again with the next failure; ignored needs ignored_until.
                         * @enum {unknown}
                         */
                        state: "open" | "acknowledged" | "ignored" | "resolved";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description There are more; the newest were counted. */
                            capped: boolean;
                            /** @description Cause code. */
                            cause: string;
                            /** @description Dead letters now. */
                            count: number;
                            destination_id: string | null;
                            destination_name: string | null;
                            /** @description Names the group; stable. */
                            fingerprint: string;
                            /** @description ISO 8601, UTC. */
                            first_seen: string;
                            ignored_until: string | null;
                            last_15_minutes: number;
                            last_day: number;
                            last_hour: number;
                            /** @description ISO 8601, UTC. */
                            last_seen: string;
                            last_week: number;
                            /** @description A sentence, of the newest member. */
                            message: string;
                            note: string | null;
                            /** @description Host of the receiver. */
                            receiver: string;
                            remedy: string | null;
                            /** @description It was resolved, and has failed since. */
                            reopened: boolean;
                            /** @description What operations did to it. */
                            replays: {
                                delivered: number;
                                /** @description For the same cause: they are in this group again. */
                                failed_again: number;
                                /** @description Failed for another cause: they are in another group now. */
                                moved: number;
                                /** @description Of its members, by operations of any kind. */
                                resent: number;
                            };
                            /** @description The newest member. */
                            sample_delivery_id: string;
                            siteId: number;
                            /** @enum {unknown} */
                            state: "open" | "acknowledged" | "ignored" | "resolved";
                            /**
                             * @description Kind of destination.
                             * @enum {unknown}
                             */
                            webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Operations of a site, newest first */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    siteId?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Newest first; plans that were never run are left out. */
                            items: {
                                /** @enum {unknown} */
                                canary: "off" | "pending" | "running" | "passed" | "failed";
                                counts: {
                                    cancelled: number;
                                    /** @description In the plan, and no longer what its filter says when their turn came, as somebody else had sent them. They have no line in the ledger; with them the counts add up to `matched`. */
                                    changed: number;
                                    delivered: number;
                                    failed: number;
                                    /** @description What the plan found; at most that many are done. */
                                    matched: number;
                                    skipped: number;
                                    /** @description Begun and not settled. */
                                    waiting: number;
                                };
                                /** @description ISO 8601, UTC. */
                                created_at: string;
                                /** @description E-mail address. */
                                created_by: string;
                                destination_id: string | null;
                                /** @description The failure groups its failed members are in now. */
                                failed_into: {
                                    count: number;
                                    /** @description Fingerprint of a failure group. */
                                    failure: string;
                                }[];
                                /** @description As it was frozen: filter, ids or visitors. */
                                filter: {
                                    [key: string]: unknown;
                                };
                                finished_at: string | null;
                                /** @enum {unknown} */
                                kind: "resend" | "re_export" | "export";
                                operation_id: string;
                                progress: number;
                                rate: number;
                                /** @description Why somebody ran it. */
                                reason: string | null;
                                /** @description An estimate; null when there is none. */
                                seconds_left: number | null;
                                siteId: number;
                                skipped_because: {
                                    [key: string]: number;
                                };
                                started_at: string | null;
                                /** @enum {unknown} */
                                state: "planned" | "running" | "paused" | "completed" | "cancelled" | "expired";
                                state_reason: string | null;
                                /** @description Nothing newer than this is touched. */
                                watermark: {
                                    /** @description ISO 8601, UTC. */
                                    at: string;
                                    note: string;
                                };
                            }[];
                            next: string | null;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Start a planned operation
         * @description Sends a canary of ten first, then the others at the rate of the plan, in the bulk lane. A crash of any process does not end an accepted operation. Only one operation with the same selection runs at a time.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * Format: uuid
                         * @description Of the plan.
                         */
                        operation_id: string;
                        reason?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {unknown} */
                            canary: "off" | "pending" | "running" | "passed" | "failed";
                            counts: {
                                cancelled: number;
                                /** @description In the plan, and no longer what its filter says when their turn came, as somebody else had sent them. They have no line in the ledger; with them the counts add up to `matched`. */
                                changed: number;
                                delivered: number;
                                failed: number;
                                /** @description What the plan found; at most that many are done. */
                                matched: number;
                                skipped: number;
                                /** @description Begun and not settled. */
                                waiting: number;
                            };
                            /** @description ISO 8601, UTC. */
                            created_at: string;
                            /** @description E-mail address. */
                            created_by: string;
                            destination_id: string | null;
                            /** @description The failure groups its failed members are in now. */
                            failed_into: {
                                count: number;
                                /** @description Fingerprint of a failure group. */
                                failure: string;
                            }[];
                            /** @description As it was frozen: filter, ids or visitors. */
                            filter: {
                                [key: string]: unknown;
                            };
                            finished_at: string | null;
                            /** @enum {unknown} */
                            kind: "resend" | "re_export" | "export";
                            operation_id: string;
                            progress: number;
                            rate: number;
                            /** @description Why somebody ran it. */
                            reason: string | null;
                            /** @description An estimate; null when there is none. */
                            seconds_left: number | null;
                            siteId: number;
                            skipped_because: {
                                [key: string]: number;
                            };
                            started_at: string | null;
                            /** @enum {unknown} */
                            state: "planned" | "running" | "paused" | "completed" | "cancelled" | "expired";
                            state_reason: string | null;
                            /** @description Nothing newer than this is touched. */
                            watermark: {
                                /** @description ISO 8601, UTC. */
                                at: string;
                                note: string;
                            };
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/operations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One operation with its progress */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {unknown} */
                            canary: "off" | "pending" | "running" | "passed" | "failed";
                            counts: {
                                cancelled: number;
                                /** @description In the plan, and no longer what its filter says when their turn came, as somebody else had sent them. They have no line in the ledger; with them the counts add up to `matched`. */
                                changed: number;
                                delivered: number;
                                failed: number;
                                /** @description What the plan found; at most that many are done. */
                                matched: number;
                                skipped: number;
                                /** @description Begun and not settled. */
                                waiting: number;
                            };
                            /** @description ISO 8601, UTC. */
                            created_at: string;
                            /** @description E-mail address. */
                            created_by: string;
                            destination_id: string | null;
                            /** @description The failure groups its failed members are in now. */
                            failed_into: {
                                count: number;
                                /** @description Fingerprint of a failure group. */
                                failure: string;
                            }[];
                            /** @description As it was frozen: filter, ids or visitors. */
                            filter: {
                                [key: string]: unknown;
                            };
                            finished_at: string | null;
                            /** @enum {unknown} */
                            kind: "resend" | "re_export" | "export";
                            operation_id: string;
                            progress: number;
                            rate: number;
                            /** @description Why somebody ran it. */
                            reason: string | null;
                            /** @description An estimate; null when there is none. */
                            seconds_left: number | null;
                            siteId: number;
                            skipped_because: {
                                [key: string]: number;
                            };
                            started_at: string | null;
                            /** @enum {unknown} */
                            state: "planned" | "running" | "paused" | "completed" | "cancelled" | "expired";
                            state_reason: string | null;
                            /** @description Nothing newer than this is touched. */
                            watermark: {
                                /** @description ISO 8601, UTC. */
                                at: string;
                                note: string;
                            };
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/operations/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel an operation
         * @description Cancels the members that wait. Delivered members stay delivered. The ledger shows the outcome of each.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {unknown} */
                            canary: "off" | "pending" | "running" | "passed" | "failed";
                            counts: {
                                cancelled: number;
                                /** @description In the plan, and no longer what its filter says when their turn came, as somebody else had sent them. They have no line in the ledger; with them the counts add up to `matched`. */
                                changed: number;
                                delivered: number;
                                failed: number;
                                /** @description What the plan found; at most that many are done. */
                                matched: number;
                                skipped: number;
                                /** @description Begun and not settled. */
                                waiting: number;
                            };
                            /** @description ISO 8601, UTC. */
                            created_at: string;
                            /** @description E-mail address. */
                            created_by: string;
                            destination_id: string | null;
                            /** @description The failure groups its failed members are in now. */
                            failed_into: {
                                count: number;
                                /** @description Fingerprint of a failure group. */
                                failure: string;
                            }[];
                            /** @description As it was frozen: filter, ids or visitors. */
                            filter: {
                                [key: string]: unknown;
                            };
                            finished_at: string | null;
                            /** @enum {unknown} */
                            kind: "resend" | "re_export" | "export";
                            operation_id: string;
                            progress: number;
                            rate: number;
                            /** @description Why somebody ran it. */
                            reason: string | null;
                            /** @description An estimate; null when there is none. */
                            seconds_left: number | null;
                            siteId: number;
                            skipped_because: {
                                [key: string]: number;
                            };
                            started_at: string | null;
                            /** @enum {unknown} */
                            state: "planned" | "running" | "paused" | "completed" | "cancelled" | "expired";
                            state_reason: string | null;
                            /** @description Nothing newer than this is touched. */
                            watermark: {
                                /** @description ISO 8601, UTC. */
                                at: string;
                                note: string;
                            };
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/operations/{id}/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The ledger: the outcome of each member */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    limit?: string;
                    outcome?: "waiting" | "delivered" | "failed" | "skipped" | "cancelled";
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** @description What was sent; null when it was skipped. */
                                delivery_id: string | null;
                                ghost_vid: string;
                                /** @description What the site calls this visitor now. */
                                identified_user: string | null;
                                number: number;
                                /** @enum {unknown} */
                                outcome: "waiting" | "delivered" | "failed" | "skipped" | "cancelled";
                                /** @description Why skipped, or the cause of the failure. */
                                reason: string | null;
                                source_delivery_id: string | null;
                            }[];
                            next: string | null;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/operations/{id}/items/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The ledger as CSV
         * @description Each line names the visitor, the receiver and the receiver’s message. `outcome=failed` returns only the failed members. No cell is a formula.
         */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    limit?: string;
                    outcome?: "waiting" | "delivered" | "failed" | "skipped" | "cancelled";
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A stream. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/csv": string;
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/operations/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause an operation
         * @description No more members start. Attempts that are running settle.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        reason?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {unknown} */
                            canary: "off" | "pending" | "running" | "passed" | "failed";
                            counts: {
                                cancelled: number;
                                /** @description In the plan, and no longer what its filter says when their turn came, as somebody else had sent them. They have no line in the ledger; with them the counts add up to `matched`. */
                                changed: number;
                                delivered: number;
                                failed: number;
                                /** @description What the plan found; at most that many are done. */
                                matched: number;
                                skipped: number;
                                /** @description Begun and not settled. */
                                waiting: number;
                            };
                            /** @description ISO 8601, UTC. */
                            created_at: string;
                            /** @description E-mail address. */
                            created_by: string;
                            destination_id: string | null;
                            /** @description The failure groups its failed members are in now. */
                            failed_into: {
                                count: number;
                                /** @description Fingerprint of a failure group. */
                                failure: string;
                            }[];
                            /** @description As it was frozen: filter, ids or visitors. */
                            filter: {
                                [key: string]: unknown;
                            };
                            finished_at: string | null;
                            /** @enum {unknown} */
                            kind: "resend" | "re_export" | "export";
                            operation_id: string;
                            progress: number;
                            rate: number;
                            /** @description Why somebody ran it. */
                            reason: string | null;
                            /** @description An estimate; null when there is none. */
                            seconds_left: number | null;
                            siteId: number;
                            skipped_because: {
                                [key: string]: number;
                            };
                            started_at: string | null;
                            /** @enum {unknown} */
                            state: "planned" | "running" | "paused" | "completed" | "cancelled" | "expired";
                            state_reason: string | null;
                            /** @description Nothing newer than this is touched. */
                            watermark: {
                                /** @description ISO 8601, UTC. */
                                at: string;
                                note: string;
                            };
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/operations/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a paused operation
         * @description After a failed canary all other members start, without a second canary.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {unknown} */
                            canary: "off" | "pending" | "running" | "passed" | "failed";
                            counts: {
                                cancelled: number;
                                /** @description In the plan, and no longer what its filter says when their turn came, as somebody else had sent them. They have no line in the ledger; with them the counts add up to `matched`. */
                                changed: number;
                                delivered: number;
                                failed: number;
                                /** @description What the plan found; at most that many are done. */
                                matched: number;
                                skipped: number;
                                /** @description Begun and not settled. */
                                waiting: number;
                            };
                            /** @description ISO 8601, UTC. */
                            created_at: string;
                            /** @description E-mail address. */
                            created_by: string;
                            destination_id: string | null;
                            /** @description The failure groups its failed members are in now. */
                            failed_into: {
                                count: number;
                                /** @description Fingerprint of a failure group. */
                                failure: string;
                            }[];
                            /** @description As it was frozen: filter, ids or visitors. */
                            filter: {
                                [key: string]: unknown;
                            };
                            finished_at: string | null;
                            /** @enum {unknown} */
                            kind: "resend" | "re_export" | "export";
                            operation_id: string;
                            progress: number;
                            rate: number;
                            /** @description Why somebody ran it. */
                            reason: string | null;
                            /** @description An estimate; null when there is none. */
                            seconds_left: number | null;
                            siteId: number;
                            skipped_because: {
                                [key: string]: number;
                            };
                            started_at: string | null;
                            /** @enum {unknown} */
                            state: "planned" | "running" | "paused" | "completed" | "cancelled" | "expired";
                            state_reason: string | null;
                            /** @description Nothing newer than this is touched. */
                            watermark: {
                                /** @description ISO 8601, UTC. */
                                at: string;
                                note: string;
                            };
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/operations/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Plan an operation
         * @description Counts what the operation would send, and what it would skip and why. Sends nothing. The plan excludes whatever is made later. Start it within an hour with `POST /api/operations`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Send 10 first and stop if too many fail; true unless given. */
                        canary?: boolean;
                        delivery_ids?: string[];
                        /**
                         * Format: uuid
                         * @description For export: where to. For re_export: somewhere else than before.
                         */
                        destination_id?: string;
                        filter?: {
                            /** @description Cause code of the last error. */
                            cause?: string;
                            /** Format: uuid */
                            destination_id?: string;
                            /** @description Fingerprint of a failure group. */
                            failure?: string;
                            /**
                             * Format: date-time
                             * @description Created at this time or later.
                             */
                            from?: string;
                            /** @description Of this visitor. */
                            ghost_vid?: string;
                            /** @description Of visitors a site calls so, as an e-mail address. */
                            identified_user?: string;
                            /** Format: uuid */
                            operation_id?: string;
                            /** @description Host of the receiver. */
                            receiver?: string;
                            /** @description As `404` or `5xx`. */
                            response_status?: string;
                            /** @description One or more, separated by commas. */
                            status?: string;
                            /** @description Words: each begins a word of the visitor’s name, company, id at the site (as an e-mail address) or ghost_vid. Or the id of a delivery. */
                            text?: string;
                            /**
                             * Format: date-time
                             * @description Created before this time.
                             */
                            to?: string;
                            /** @description One or more, separated by commas. */
                            webhook_type?: string;
                        };
                        /**
                         * @description resend: the stored bytes, under the same webhook-id. re_export: fresh data, as new deliveries. export: visitors to a saved destination.
                         * @enum {unknown}
                         */
                        kind: "resend" | "re_export" | "export";
                        /** @description Deliveries a second at most; 50 unless given. */
                        rate?: number;
                        siteId?: number;
                        visitors?: {
                            country?: string;
                            /** @description Only visitors the site has a name for, or only others. */
                            identified?: boolean;
                            score_min?: number;
                            /**
                             * Format: date-time
                             * @description Last seen at this time or later.
                             */
                            seen_from?: string;
                            /**
                             * Format: date-time
                             * @description Last seen before this time.
                             */
                            seen_to?: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            by_cause: {
                                cause: string | null;
                                count: number;
                            }[];
                            /** @description Where it goes; the twenty with the most. */
                            by_receiver: {
                                count: number;
                                destination_id: string | null;
                                destination_name: string | null;
                                /** @description Host of the receiver. */
                                receiver: string;
                            }[];
                            by_type: {
                                count: number;
                                /**
                                 * @description Kind of destination.
                                 * @enum {unknown}
                                 */
                                webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                            }[];
                            /** @description There are more; the operation covers those counted. */
                            capped: boolean;
                            /** @description At the rate asked for, and no faster than an operation can go; a slow receiver makes it longer. */
                            estimated_seconds: number;
                            /** @description ISO 8601, UTC. */
                            expires_at: string;
                            matched: number;
                            operation: {
                                /** @enum {unknown} */
                                canary: "off" | "pending" | "running" | "passed" | "failed";
                                counts: {
                                    cancelled: number;
                                    /** @description In the plan, and no longer what its filter says when their turn came, as somebody else had sent them. They have no line in the ledger; with them the counts add up to `matched`. */
                                    changed: number;
                                    delivered: number;
                                    failed: number;
                                    /** @description What the plan found; at most that many are done. */
                                    matched: number;
                                    skipped: number;
                                    /** @description Begun and not settled. */
                                    waiting: number;
                                };
                                /** @description ISO 8601, UTC. */
                                created_at: string;
                                /** @description E-mail address. */
                                created_by: string;
                                destination_id: string | null;
                                /** @description The failure groups its failed members are in now. */
                                failed_into: {
                                    count: number;
                                    /** @description Fingerprint of a failure group. */
                                    failure: string;
                                }[];
                                /** @description As it was frozen: filter, ids or visitors. */
                                filter: {
                                    [key: string]: unknown;
                                };
                                finished_at: string | null;
                                /** @enum {unknown} */
                                kind: "resend" | "re_export" | "export";
                                operation_id: string;
                                progress: number;
                                rate: number;
                                /** @description Why somebody ran it. */
                                reason: string | null;
                                /** @description An estimate; null when there is none. */
                                seconds_left: number | null;
                                siteId: number;
                                skipped_because: {
                                    [key: string]: number;
                                };
                                started_at: string | null;
                                /** @enum {unknown} */
                                state: "planned" | "running" | "paused" | "completed" | "cancelled" | "expired";
                                state_reason: string | null;
                                /** @description Nothing newer than this is touched. */
                                watermark: {
                                    /** @description ISO 8601, UTC. */
                                    at: string;
                                    note: string;
                                };
                            };
                            warnings: {
                                /** @enum {unknown} */
                                code: "duplicates" | "possible_duplicates" | "skips_not_counted" | "superseded_not_counted";
                                /** @description Of how many members it is true. */
                                count: number | null;
                                text: string;
                            }[];
                            /** @description As things stand now. What is not counted, as there are too many, a warning says. */
                            will_skip: {
                                count: number;
                                /** @enum {unknown} */
                                reason: "unfinished" | "state_changed" | "payload_gone" | "visitor_gone" | "destination_gone" | "destination_disabled" | "destination_paused" | "superseded";
                            }[];
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/receivers/{host}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the receiver of ad-hoc URLs copes
         * @description All URLs of a host that are not saved destinations share one budget. An unknown host is healthy.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Host name of a receiver, with its port if it has one. */
                    host: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /**
                             * @description open: it failed repeatedly and is left alone; half_open: one request tries whether it is back.
                             * @enum {unknown}
                             */
                            breaker: "closed" | "open" | "half_open";
                            /** @description Requests it is sent at once at present; adapts to how it copes. */
                            concurrency_now: number;
                            /** @description Requests under way. */
                            in_flight: number;
                            /** @description Moving mean of its answers. */
                            mean_duration_ms: number;
                            open_until: string | null;
                            /** @description The receiver asked to be left alone until then. */
                            throttled_until: string | null;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in, and which sites they reach */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description ISO 8601, UTC. */
                            expires_at: string;
                            sites: {
                                id: number;
                                name: string;
                                role: string;
                            }[];
                            user: {
                                email: string;
                                id: string;
                                name: string;
                            };
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Sign in
         * @description Sets the `session` cookie. Limited per caller address.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        email: string;
                        password: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description ISO 8601, UTC. */
                            expires_at: string;
                            sites: {
                                id: number;
                                name: string;
                                role: string;
                            }[];
                            user: {
                                email: string;
                                id: string;
                                name: string;
                            };
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /**
         * Sign out
         * @description Revokes the session; it stops working everywhere within 5 seconds.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Signed out. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How many attempts ended how, and how long they took, over time
         * @description Added up by the workers every two seconds. Good for plots; for what became of each delivery there is the log.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Only of this saved destination. */
                    destination_id?: string;
                    /** @description How far back from now; 24h unless given. */
                    range?: "1h" | "24h" | "7d" | "30d";
                    /** @description The site; 4 unless given. */
                    siteId?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Of the same time before. */
                            before: {
                                /** @description Attempts that delivered. */
                                delivered: number;
                                /** @description Attempts after which a delivery was given up. */
                                failed: number;
                                /** @description Milliseconds that half of the attempts took at most, within a fifth; null when there were none. */
                                p50_ms: number | null;
                                /** @description Milliseconds that 95 % of the attempts took at most, within a fifth; null when there were none. */
                                p95_ms: number | null;
                                /** @description Milliseconds that 99 % of the attempts took at most, within a fifth; null when there were none. */
                                p99_ms: number | null;
                                /** @description Attempts that failed and are made again. */
                                retried: number;
                                /** @description Share of the deliveries that ended which were delivered; null when none ended. */
                                success: number | null;
                            };
                            bucket_seconds: number;
                            /** @description Oldest first, without gaps; the last one is not over yet. */
                            buckets: {
                                /** @description ISO 8601, UTC. */
                                at: string;
                                /** @description Attempts that delivered. */
                                delivered: number;
                                /** @description Attempts after which a delivery was given up. */
                                failed: number;
                                /** @description Milliseconds that half of the attempts took at most, within a fifth; null when there were none. */
                                p50_ms: number | null;
                                /** @description Milliseconds that 95 % of the attempts took at most, within a fifth; null when there were none. */
                                p95_ms: number | null;
                                /** @description Milliseconds that 99 % of the attempts took at most, within a fifth; null when there were none. */
                                p99_ms: number | null;
                                /** @description Attempts that failed and are made again. */
                                retried: number;
                                /** @description Share of the deliveries that ended which were delivered; null when none ended. */
                                success: number | null;
                            }[];
                            /** @enum {unknown} */
                            range: "1h" | "24h" | "7d" | "30d";
                            total: {
                                /** @description Attempts that delivered. */
                                delivered: number;
                                /** @description Attempts after which a delivery was given up. */
                                failed: number;
                                /** @description Milliseconds that half of the attempts took at most, within a fifth; null when there were none. */
                                p50_ms: number | null;
                                /** @description Milliseconds that 95 % of the attempts took at most, within a fifth; null when there were none. */
                                p95_ms: number | null;
                                /** @description Milliseconds that 99 % of the attempts took at most, within a fifth; null when there were none. */
                                p99_ms: number | null;
                                /** @description Attempts that failed and are made again. */
                                retried: number;
                                /** @description Share of the deliveries that ended which were delivered; null when none ended. */
                                success: number | null;
                            };
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stats/destinations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How each saved destination of a site fares: the last 24 hours, and its receiver now */
        get: {
            parameters: {
                query?: {
                    /** @description The site; 4 unless given. */
                    siteId?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description By name. Numbers of the last 24 hours. */
                            items: {
                                /** @description Attempts that delivered. */
                                delivered: number;
                                destination_id: string;
                                /** @description Attempts after which a delivery was given up. */
                                failed: number;
                                health: {
                                    /**
                                     * @description open: it failed repeatedly and is left alone; half_open: one request tries whether it is back.
                                     * @enum {unknown}
                                     */
                                    breaker: "closed" | "open" | "half_open";
                                    /** @description Requests it is sent at once at present; adapts to how it copes. */
                                    concurrency_now: number;
                                    /** @description Requests under way. */
                                    in_flight: number;
                                    /** @description Moving mean of its answers. */
                                    mean_duration_ms: number;
                                    open_until: string | null;
                                    /** @description The receiver asked to be left alone until then. */
                                    throttled_until: string | null;
                                };
                                /** @description The last 24, oldest first; the last is not over. */
                                hours: {
                                    /** @description Attempts that delivered. */
                                    delivered: number;
                                    /** @description Attempts after which a delivery was given up. */
                                    failed: number;
                                    /** @description Attempts that failed and are made again. */
                                    retried: number;
                                }[];
                                /** @description To the minute, older than two days to the hour; null when never, or longer ago than is kept. */
                                last_delivered_at: string | null;
                                /** @description Milliseconds that half of the attempts took at most, within a fifth; null when there were none. */
                                p50_ms: number | null;
                                /** @description Milliseconds that 95 % of the attempts took at most, within a fifth; null when there were none. */
                                p95_ms: number | null;
                                /** @description Milliseconds that 99 % of the attempts took at most, within a fifth; null when there were none. */
                                p99_ms: number | null;
                                /** @description Attempts that failed and are made again. */
                                retried: number;
                                /** @description Share of the deliveries that ended which were delivered; null when none ended. */
                                success: number | null;
                                /** @description Deliveries to it that are not finished; counted up to 10,000 of the site. */
                                waiting: number;
                            }[];
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happens in a site, as it happens
         * @description Server-Sent Events: `deliveries` (those that entered a state, at most 100, and how many `more`), `operations` (ids that changed or went on), `counters` (how many deliveries entered each state), `reset` (some were missed: look anew). Send `Last-Event-ID` to hear what came meanwhile; a browser does so by itself. The connection ends after about two minutes, and is to be opened again.
         */
        get: {
            parameters: {
                query?: {
                    siteId?: string;
                };
                header?: {
                    "last-event-id"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A stream. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/system": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the installation is: stores, lanes, workers, what waits
         * @description Of all sites together; numbers only, counted at most once a second.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            backlog: {
                                capped: boolean;
                                due: number;
                                lanes: {
                                    /** @description Over the last five minutes. */
                                    attempts_per_minute: number;
                                    coming: {
                                        count: number;
                                        /** @description And later than the one before; null for all after. */
                                        within_minutes: number | null;
                                    }[];
                                    draining: {
                                        /** @description How fast it grows, while it does. */
                                        per_minute: number | null;
                                        /** @description The same, if as much comes as did lately. */
                                        seconds_high: number | null;
                                        /** @description Until nothing is due, if nothing more came. */
                                        seconds_low: number | null;
                                        /**
                                         * @description idle: nothing is due. held, no_worker: nothing is taken. growing: more comes than is done. unknown: nothing was done lately.
                                         * @enum {unknown}
                                         */
                                        state: "idle" | "held" | "no_worker" | "unknown" | "growing" | "draining";
                                    };
                                    due: number;
                                    /** @description Due, but their destination or operation is paused. */
                                    held: number;
                                    /** @enum {unknown} */
                                    lane: "live" | "retry" | "bulk";
                                    /** @description How long the one that waits longest has been due; null when none is. */
                                    oldest_due_seconds: number | null;
                                }[];
                                oldest_due_seconds: number | null;
                                retries: {
                                    count: number;
                                    /** @description And later than the one before; null for all after. */
                                    within_minutes: number | null;
                                }[];
                            };
                            checks: {
                                database: string;
                                queue: string;
                            };
                            /** @description Null while the queue does not answer. */
                            lanes: {
                                active: number;
                                delayed: number;
                                /** @description Given up by the queue itself: a fault of ours. */
                                failed: number;
                                /** @enum {unknown} */
                                lane: "live" | "retry" | "bulk";
                                paused: {
                                    /** @description ISO 8601, UTC. */
                                    at: string;
                                    /** @description E-mail address. */
                                    by: string | null;
                                    reason: string;
                                } | null;
                                waiting: number;
                            }[] | null;
                            /** @description Whether the caller may hold lanes. */
                            may_pause: boolean;
                            /** @description Path of the queues themselves, for admins of every site; null where that is switched off. */
                            raw_queues: string | null;
                            /** @description What the stores say of themselves; null for one that does not answer. */
                            stores: {
                                database: {
                                    connections: number;
                                    connections_max: number;
                                    latency_ms: number;
                                    size_bytes: number;
                                    version: string;
                                } | null;
                                queue: {
                                    clients: number | null;
                                    eviction_policy: string | null;
                                    /** @description Whether it keeps a log on disk. */
                                    is_persistent: boolean | null;
                                    /** @enum {unknown} */
                                    kind: "redis" | "postgres";
                                    latency_ms: number;
                                    /** @description Null for no limit of its own. */
                                    max_bytes: number | null;
                                    uptime_seconds: number | null;
                                    used_bytes: number | null;
                                    version: string | null;
                                } | null;
                            };
                            version: string;
                            workers: {
                                /** @description Deliveries at once in each lane. */
                                concurrency: number;
                                host: string;
                                id: string;
                                /** @description Not the version of the API that answers. */
                                other_version: boolean;
                                /** @description ISO 8601, UTC. */
                                seen_at: string;
                                /** @description ISO 8601, UTC. */
                                started_at: string;
                                version: string;
                            }[];
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/system/lanes/{lane}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hold a lane
         * @description Within two seconds no worker takes anything of it; what is being sent settles. For all sites: needs the role admin in every one.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    lane: "live" | "retry" | "bulk";
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            backlog: {
                                capped: boolean;
                                due: number;
                                lanes: {
                                    /** @description Over the last five minutes. */
                                    attempts_per_minute: number;
                                    coming: {
                                        count: number;
                                        /** @description And later than the one before; null for all after. */
                                        within_minutes: number | null;
                                    }[];
                                    draining: {
                                        /** @description How fast it grows, while it does. */
                                        per_minute: number | null;
                                        /** @description The same, if as much comes as did lately. */
                                        seconds_high: number | null;
                                        /** @description Until nothing is due, if nothing more came. */
                                        seconds_low: number | null;
                                        /**
                                         * @description idle: nothing is due. held, no_worker: nothing is taken. growing: more comes than is done. unknown: nothing was done lately.
                                         * @enum {unknown}
                                         */
                                        state: "idle" | "held" | "no_worker" | "unknown" | "growing" | "draining";
                                    };
                                    due: number;
                                    /** @description Due, but their destination or operation is paused. */
                                    held: number;
                                    /** @enum {unknown} */
                                    lane: "live" | "retry" | "bulk";
                                    /** @description How long the one that waits longest has been due; null when none is. */
                                    oldest_due_seconds: number | null;
                                }[];
                                oldest_due_seconds: number | null;
                                retries: {
                                    count: number;
                                    /** @description And later than the one before; null for all after. */
                                    within_minutes: number | null;
                                }[];
                            };
                            checks: {
                                database: string;
                                queue: string;
                            };
                            /** @description Null while the queue does not answer. */
                            lanes: {
                                active: number;
                                delayed: number;
                                /** @description Given up by the queue itself: a fault of ours. */
                                failed: number;
                                /** @enum {unknown} */
                                lane: "live" | "retry" | "bulk";
                                paused: {
                                    /** @description ISO 8601, UTC. */
                                    at: string;
                                    /** @description E-mail address. */
                                    by: string | null;
                                    reason: string;
                                } | null;
                                waiting: number;
                            }[] | null;
                            /** @description Whether the caller may hold lanes. */
                            may_pause: boolean;
                            /** @description Path of the queues themselves, for admins of every site; null where that is switched off. */
                            raw_queues: string | null;
                            /** @description What the stores say of themselves; null for one that does not answer. */
                            stores: {
                                database: {
                                    connections: number;
                                    connections_max: number;
                                    latency_ms: number;
                                    size_bytes: number;
                                    version: string;
                                } | null;
                                queue: {
                                    clients: number | null;
                                    eviction_policy: string | null;
                                    /** @description Whether it keeps a log on disk. */
                                    is_persistent: boolean | null;
                                    /** @enum {unknown} */
                                    kind: "redis" | "postgres";
                                    latency_ms: number;
                                    /** @description Null for no limit of its own. */
                                    max_bytes: number | null;
                                    uptime_seconds: number | null;
                                    used_bytes: number | null;
                                    version: string | null;
                                } | null;
                            };
                            version: string;
                            workers: {
                                /** @description Deliveries at once in each lane. */
                                concurrency: number;
                                host: string;
                                id: string;
                                /** @description Not the version of the API that answers. */
                                other_version: boolean;
                                /** @description ISO 8601, UTC. */
                                seen_at: string;
                                /** @description ISO 8601, UTC. */
                                started_at: string;
                                version: string;
                            }[];
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/system/lanes/{lane}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let a lane go on */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    lane: "live" | "retry" | "bulk";
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            backlog: {
                                capped: boolean;
                                due: number;
                                lanes: {
                                    /** @description Over the last five minutes. */
                                    attempts_per_minute: number;
                                    coming: {
                                        count: number;
                                        /** @description And later than the one before; null for all after. */
                                        within_minutes: number | null;
                                    }[];
                                    draining: {
                                        /** @description How fast it grows, while it does. */
                                        per_minute: number | null;
                                        /** @description The same, if as much comes as did lately. */
                                        seconds_high: number | null;
                                        /** @description Until nothing is due, if nothing more came. */
                                        seconds_low: number | null;
                                        /**
                                         * @description idle: nothing is due. held, no_worker: nothing is taken. growing: more comes than is done. unknown: nothing was done lately.
                                         * @enum {unknown}
                                         */
                                        state: "idle" | "held" | "no_worker" | "unknown" | "growing" | "draining";
                                    };
                                    due: number;
                                    /** @description Due, but their destination or operation is paused. */
                                    held: number;
                                    /** @enum {unknown} */
                                    lane: "live" | "retry" | "bulk";
                                    /** @description How long the one that waits longest has been due; null when none is. */
                                    oldest_due_seconds: number | null;
                                }[];
                                oldest_due_seconds: number | null;
                                retries: {
                                    count: number;
                                    /** @description And later than the one before; null for all after. */
                                    within_minutes: number | null;
                                }[];
                            };
                            checks: {
                                database: string;
                                queue: string;
                            };
                            /** @description Null while the queue does not answer. */
                            lanes: {
                                active: number;
                                delayed: number;
                                /** @description Given up by the queue itself: a fault of ours. */
                                failed: number;
                                /** @enum {unknown} */
                                lane: "live" | "retry" | "bulk";
                                paused: {
                                    /** @description ISO 8601, UTC. */
                                    at: string;
                                    /** @description E-mail address. */
                                    by: string | null;
                                    reason: string;
                                } | null;
                                waiting: number;
                            }[] | null;
                            /** @description Whether the caller may hold lanes. */
                            may_pause: boolean;
                            /** @description Path of the queues themselves, for admins of every site; null where that is switched off. */
                            raw_queues: string | null;
                            /** @description What the stores say of themselves; null for one that does not answer. */
                            stores: {
                                database: {
                                    connections: number;
                                    connections_max: number;
                                    latency_ms: number;
                                    size_bytes: number;
                                    version: string;
                                } | null;
                                queue: {
                                    clients: number | null;
                                    eviction_policy: string | null;
                                    /** @description Whether it keeps a log on disk. */
                                    is_persistent: boolean | null;
                                    /** @enum {unknown} */
                                    kind: "redis" | "postgres";
                                    latency_ms: number;
                                    /** @description Null for no limit of its own. */
                                    max_bytes: number | null;
                                    uptime_seconds: number | null;
                                    used_bytes: number | null;
                                    version: string | null;
                                } | null;
                            };
                            version: string;
                            workers: {
                                /** @description Deliveries at once in each lane. */
                                concurrency: number;
                                host: string;
                                id: string;
                                /** @description Not the version of the API that answers. */
                                other_version: boolean;
                                /** @description ISO 8601, UTC. */
                                seen_at: string;
                                /** @description ISO 8601, UTC. */
                                started_at: string;
                                version: string;
                            }[];
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/visitors/{ghost_vid}/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Erase a visitor
         * @description Deletes the profile and, in all deliveries of the visitor, the payload, the receivers’ answers and the visitor’s id; cancels those that wait. Cannot be undone; safe to repeat. What receivers got is theirs to erase.
         */
        post: {
            parameters: {
                query?: {
                    siteId?: string;
                };
                header?: never;
                path: {
                    ghost_vid: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was erased now; all zero when nothing was left. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Attempts whose stored answers were emptied. */
                            attempts: number;
                            /** @description Those of them that were waiting; they are not sent. */
                            cancelled: number;
                            /** @description Deliveries that no longer say whose they were. */
                            deliveries: number;
                            /** @description Kept answers deleted. */
                            idempotency_keys: number;
                            /** @description Those of them that a worker was sending just then; their answers are not kept. */
                            in_flight: number;
                            /** @description Stored payloads deleted. */
                            payloads: number;
                            /** @description Whether there was a profile to delete. */
                            profile: boolean;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Supported webhook types and a reference payload */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            example_payload: {
                                ghost_vid: string;
                                include_events: boolean;
                                include_journey: boolean;
                                siteId: number;
                                webhook_type: string;
                                webhook_url: string;
                            };
                            supported_types: string[];
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Send visitor data to an external webhook target
         * @description Stores a delivery, has a worker attempt it, and answers with what really happened as soon as the first attempt has settled. A caller that goes away changes nothing.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key with the same body within 24 h gets the first answer again; with another body, 409. */
                    "idempotency-key"?: string;
                    /** @description `respond-async`: answer 202 as soon as the delivery is durable. `wait=N`: wait at most N seconds (0 to 30). */
                    prefer?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description A saved destination, instead of webhook_url and webhook_type. */
                        destination_id?: string;
                        /** @description Visitor ID to export. */
                        ghost_vid: string;
                        /**
                         * @description Include recent event activity.
                         * @default true
                         */
                        include_events?: boolean;
                        /**
                         * @description Include recent session journey data.
                         * @default true
                         */
                        include_journey?: boolean;
                        /**
                         * @description Site that owns the visitor.
                         * @default 4
                         */
                        siteId?: number;
                        /**
                         * @description Kind of destination; custom unless given.
                         * @enum {unknown}
                         */
                        webhook_type?: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                        /** @description Destination webhook URL: an absolute http or https URL without user name and password. Required, unless destination_id is given. */
                        webhook_url?: string;
                    };
                };
            };
            responses: {
                /** @description Delivered: the receiver took it. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description ISO 8601, UTC. */
                            delivered_at: string;
                            delivery_id: string;
                            ghost_vid: string;
                            /** @enum {boolean} */
                            success: true;
                            /**
                             * @description Kind of destination.
                             * @enum {unknown}
                             */
                            webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                        };
                    };
                };
                /** @description Durable but not delivered yet; it goes on. `Location` names the delivery. */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            attempts: number;
                            delivery_id: string;
                            ghost_vid: string;
                            last_error: {
                                /** @description Stable cause code. */
                                code: string;
                                message: string;
                                response_status: number | null;
                            } | null;
                            next_attempt_at: string | null;
                            /** @enum {unknown} */
                            status: "queued" | "retrying";
                            /** @enum {boolean} */
                            success: false;
                            /**
                             * @description Kind of destination.
                             * @enum {unknown}
                             */
                            webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                        };
                    };
                };
                /** @description The receiver refused for good; the delivery is a dead letter. */
                502: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            delivery_id: string;
                            error: {
                                /** @description Stable cause code. */
                                code: string;
                                message: string;
                                response_status: number | null;
                            };
                            /** @enum {unknown} */
                            status: "failed" | "cancelled";
                            /** @enum {boolean} */
                            success: false;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Is this process alive */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            status: "ok";
                            version: string;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Can this process take exports
         * @description One that is about to stop says `stopping` (503) for a moment before it does: it serves whoever comes still, and is to be sent nobody more. Without the database it cannot (503). Without the queue it can: exports are stored, answered 202, and delivered when the queue is back. A queue that is full, read-only or may throw jobs away needs somebody (503), though exports are stored still.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            checks: {
                                /** @enum {unknown} */
                                database: "ok" | "down" | "full" | "read_only";
                                /**
                                 * @description While down, exports are accepted and answered 202. evicting: it may throw jobs away. partial: some nodes of a cluster do not answer.
                                 * @enum {unknown}
                                 */
                                queue: "ok" | "down" | "full" | "read_only" | "evicting" | "partial";
                            };
                            /** @enum {unknown} */
                            status: "ready" | "degraded" | "unavailable" | "stopping";
                        };
                    };
                };
                /** @description Default Response */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            checks: {
                                /** @enum {unknown} */
                                database: "ok" | "down" | "full" | "read_only";
                                /**
                                 * @description While down, exports are accepted and answered 202. evicting: it may throw jobs away. partial: some nodes of a cluster do not answer.
                                 * @enum {unknown}
                                 */
                                queue: "ok" | "down" | "full" | "read_only" | "evicting" | "partial";
                            };
                            /** @enum {unknown} */
                            status: "ready" | "degraded" | "unavailable" | "stopping";
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Problem: {
            error: {
                /** @description validation_failed, malformed_json, malformed_request, invalid_credentials, unauthenticated, forbidden, cross_site, destination_not_found, not_found, site_not_found, visitor_not_found, delivery_not_found, failure_group_not_found, operation_not_found, alert_rule_not_found, filter_required, delivery_unfinished, delivery_finished, confirmation_needed, payload_gone, visitor_gone, operation_running, operation_state, lane_running, idempotency_conflict, destination_disabled, destination_exists, alert_rule_exists, alert_rule_limit, request_timeout, body_too_large, unsupported_media_type, rate_limited, headers_too_large, internal_error, secrets_not_configured, email_not_configured, receiver_refused, overloaded, unavailable */
                code: string;
                details?: {
                    /** @description What was expected there. */
                    expected: string;
                    /** @description The field, header or parameter that is wrong. */
                    field: string;
                }[];
                message: string;
            };
            request_id: string;
            /** @enum {boolean} */
            success: false;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
