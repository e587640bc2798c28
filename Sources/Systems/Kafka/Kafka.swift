// The room Kafka of the floor Systems.
