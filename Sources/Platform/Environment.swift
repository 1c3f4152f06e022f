/// The environment variables that the program reads, all of them. One that is empty counts as not set.
package enum Environment {
  /// LATENT_BACKEND: what computes.
  package static var backend: String? { value("LATENT_BACKEND") }
  /// LATENT_MODELS: folders of models, with colons between.
  package static var models: String? { value("LATENT_MODELS") }
  /// LATENT_PROFILE: whether, and how, to tell where the time went.
  package static var profile: String? { value("LATENT_PROFILE") }
  /// PATH: folders of programs, with colons between.
  package static var searchPath: String? { value("PATH") }

  /// LC_ALL, LC_CTYPE, LANG: whether what is written to a terminal is shown as UTF-8.
  package static var showsAllCharacters: Bool {
    let locale = (value("LC_ALL") ?? value("LC_CTYPE") ?? value("LANG") ?? "").lowercased()
    return locale.hasSuffix("utf-8") || locale.hasSuffix("utf8")
  }

  /// What Slurm, Open MPI, PMI and AWS Batch tell a process of its place among others; those that are set.
  package static var launcher: [String: String] {
    var values: [String: String] = [:]
    for name in launcherNames { values[name] = value(name) }
    return values
  }

  private static let launcherNames = [
    "SLURM_JOB_ID", "SLURM_STEP_ID", "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN",
    "SLURM_ARRAY_TASK_MAX", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_STEP", "SLURM_PROCID",
    "SLURM_NTASKS", "SLURM_STEP_NUM_TASKS", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE",
    "PMI_RANK", "PMI_SIZE", "PMIX_RANK", "AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE",
  ]

  private static func value(_ name: String) -> String? {
    getenv(name).map { String(systemPath: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }
}
