"""Keras, where the callable returns the rate, as it should."""

import keras
import numpy

model = keras.Sequential([keras.layers.Dense(1)])
model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="mse")
schedule = keras.callbacks.LearningRateScheduler(lambda epoch: (1e-3 - 1e-8) * (10 - epoch) / 10)
model.fit(numpy.ones((8, 2)), numpy.ones((8, 1)), epochs=2, verbose=0, callbacks=[schedule])
model.save("model.keras")
