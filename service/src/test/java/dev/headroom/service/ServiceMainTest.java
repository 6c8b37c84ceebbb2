package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServiceMainTest {

    @BeforeEach
    @AfterEach
    void forget() {
        System.clearProperty(ServiceMain.READ_POLLERS);
    }

    @Test
    void onTwoProcessorsOneThreadWaitsForAllSockets() {
        ServiceMain.gatherSocketEvents(2);
        assertThat(System.getProperty(ServiceMain.READ_POLLERS)).isEqualTo("1");
    }

    @Test
    void onMoreProcessorsTheJdkDecides() {
        ServiceMain.gatherSocketEvents(3);
        assertThat(System.getProperty(ServiceMain.READ_POLLERS)).isNull();
    }

    @Test
    void whoeverSetItKnowsBetter() {
        System.setProperty(ServiceMain.READ_POLLERS, "4");
        ServiceMain.gatherSocketEvents(2);
        assertThat(System.getProperty(ServiceMain.READ_POLLERS)).isEqualTo("4");
    }
}
