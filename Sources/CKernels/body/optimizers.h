// One pass over weights, gradients and state.

/// `root` is sqrt(1 - beta2^step), `step` rate / (1 - beta1^step); `keep` is what decoupled decay
/// leaves of a weight, 1 without it.
static void adam(
  float *w, const float *gradients, float *m, float *v, size_t count, float step, float root,
  float beta1, float beta2, float epsilon, float decay, float keep) {
  float over_root = 1.0f / root, rest1 = 1.0f - beta1, rest2 = 1.0f - beta2;
  EACH(float g = gradients[i] + decay * w[i]; float m1 = beta1 * m[i] + rest1 * g;
       float v1 = beta2 * v[i] + rest2 * (g * g); m[i] = m1; v[i] = v1;
       w[i] = keep * w[i] - step * m1 / (__builtin_elementwise_sqrt(v1) * over_root + epsilon));
}

/// `step` is rate / (1 - beta1^step).
static void adamax(
  float *w, const float *gradients, float *m, float *u, size_t count, float step, float beta1,
  float beta2, float epsilon, float decay) {
  float rest1 = 1.0f - beta1;
  EACH(float g = gradients[i] + decay * w[i]; float m1 = beta1 * m[i] + rest1 * g;
       float past = beta2 * u[i]; float now = __builtin_fabsf(g) + epsilon;
       float largest = past > now ? past : now; m[i] = m1; u[i] = largest;
       w[i] -= step * m1 / largest);
}

static void adagrad(
  float *w, const float *gradients, float *squares, size_t count, float rate, float epsilon,
  float decay) {
  EACH(float g = gradients[i] + decay * w[i]; float s = squares[i] + g * g; squares[i] = s;
       w[i] -= rate * g / (__builtin_elementwise_sqrt(s) + epsilon));
}

static void sgd(
  float *w, const float *gradients, float *velocity, size_t count, float rate, float momentum,
  float decay) {
  if (velocity) {
    EACH(float g = gradients[i] + decay * w[i]; float u = momentum * velocity[i] + g;
         velocity[i] = u; w[i] -= rate * u);
  } else {
    EACH(w[i] -= rate * (gradients[i] + decay * w[i]));
  }
}
